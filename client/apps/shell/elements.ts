/**
 * The parts of Element Plus the consoles use, each with its own styles. Take them from here: whatever is imported from
 * the package's root brings no styles with it.
 */
import 'element-plus/es/components/base/style/css';
import 'element-plus/theme-chalk/dark/css-vars.css';
import 'element-plus/es/components/button/style/css';
import 'element-plus/es/components/config-provider/style/css';
import 'element-plus/es/components/dialog/style/css';
import 'element-plus/es/components/drawer/style/css';
import 'element-plus/es/components/form/style/css';
import 'element-plus/es/components/form-item/style/css';
import 'element-plus/es/components/input/style/css';
import 'element-plus/es/components/message-box/style/css';
import 'element-plus/es/components/segmented/style/css';
import 'element-plus/es/components/tag/style/css';

export { ElButton, ElConfigProvider, ElDialog, ElDrawer, ElForm, ElFormItem, ElInput, ElMessageBox, ElSegmented, ElTag } from 'element-plus';
export { default as elementZh } from 'element-plus/es/locale/lang/zh-cn';
export { default as elementEn } from 'element-plus/es/locale/lang/en';
