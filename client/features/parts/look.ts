/** What every console desk loads before its own: colours of all screens, then the parts'. */
import '../../ui/theme.css';
import './console.css';
