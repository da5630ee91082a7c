import { inBoth } from '../../../shared/text/words.ts';

export const devices = ['windows', 'android', 'ios', 'mac', 'linux'] as const;
export type Device = (typeof devices)[number];

/** Menus are named as each system names them in that language. */
export const words = inBoth(
  {
    product: '指挥中心态势板',
    other: 'English',
    title: '让这台设备信任本中心',
    lead: '态势板在内网使用加密连接（HTTPS），证书由本中心自己的根证书签发。这台设备装上根证书以后，浏览器不再警告，离线页面、定位、摄像头、屏幕常亮才能使用。每台设备只需安装一次，证书换新时不必再装。',
    own: '本中心使用单位自有证书，无需在此安装任何东西。若浏览器仍有警告，请联系管理员。',
    check: {
      asking: '正在检查这台设备……',
      trusted: '这台设备已经信任本中心，不必再安装。',
      goOn: '进入态势板',
      not: '这台设备还没有信任本中心，请按下面三步安装。',
      unknown: '这个浏览器无法自行检查。装好后重新打开浏览器，不再出现警告即为成功。',
      again: '再检查一次',
    },
    compare: '一、核对指纹',
    compareLead: '根证书的 SHA-256 指纹如下。请与服务器启动时显示的、或管理员张贴的指纹逐段比对：完全一致才能安装；不一致说明有人冒充，请勿安装，并立即报告管理员。',
    narrow: '这张根证书只能为内网地址和本机名称作证，不能用来冒充其他网站。',
    get: '二、下载根证书',
    download: '下载根证书（.crt）',
    pem: '文本格式（.pem），供 Linux 使用',
    failed: '读取不到指纹，请确认能连上服务器后刷新本页。',
    install: '三、安装',
    thisDevice: '本机',
    devices: { windows: 'Windows', android: '安卓手机、平板', ios: 'iPhone、iPad', mac: 'macOS', linux: 'Linux、大屏播放机（Chromium）' },
    steps: {
      windows: [
        '双击下载的 situation-board-root.crt，点“安装证书”。',
        '多人共用的电脑选“本地计算机”，否则选“当前用户”，点“下一步”。',
        '选“将所有的证书都放入下列存储”，点“浏览”，选“受信任的根证书颁发机构”，点“确定”“下一步”“完成”，弹出安全警告时选“是”。',
        '关闭所有浏览器窗口，重新打开。',
        '管理员也可用命令一次装好（以管理员身份运行）：',
        '$ certutil -addstore -f Root situation-board-root.crt',
      ].join('\n'),
      android: [
        '打开“设置”，搜索“CA 证书”（一般在“安全”→“加密与凭据”→“安装证书”里）。',
        '选“CA 证书”，提示风险时选“仍然安装”，验证锁屏密码。',
        '选中下载的 situation-board-root.crt。',
        '关闭浏览器后重新打开。请用 Chrome 或系统自带浏览器。',
      ].join('\n'),
      ios: [
        '用 Safari 打开本页下载，提示下载配置描述文件时选“允许”。',
        '打开“设置”，点“已下载描述文件”，点“安装”，输入锁屏密码。',
        '打开“设置”→“通用”→“关于本机”→“证书信任设置”，打开“态势板根证书”的开关，点“继续”。',
      ].join('\n'),
      mac: [
        '双击下载的 situation-board-root.crt，添加到“登录”钥匙串。',
        '在“钥匙串访问”里双击“态势板根证书”，展开“信任”，把“使用此证书时”改为“始终信任”。',
        '关闭窗口，输入本机密码，重新打开浏览器。',
      ].join('\n'),
      linux: [
        '下载 .pem 文件。整机信任（Debian、Ubuntu、统信、麒麟）：',
        '$ sudo cp situation-board-root.pem /usr/local/share/ca-certificates/situation-board-root.crt',
        '$ sudo update-ca-certificates',
        'Chromium、Chrome 另用自己的证书库，以播放大屏的用户执行（需要 libnss3-tools）：',
        '$ mkdir -p ~/.pki/nssdb && certutil -d sql:$HOME/.pki/nssdb -A -t "C,," -n situation-board -i situation-board-root.pem',
        '重新启动浏览器。',
      ].join('\n'),
    },
    firefox: 'Firefox 在任何系统上都可以单独安装：“设置”→“隐私与安全”→“查看证书”→“证书颁发机构”→“导入”，勾选“信任由此证书颁发机构来标识网站”。',
  },
  {
    product: 'Situation board',
    other: '中文',
    title: 'Let this device trust the centre',
    lead: "The board uses encrypted connections (HTTPS) on the centre's network, with a certificate signed by the centre's own root. Once this device has the root, its browser no longer warns, and offline pages, position, camera and wake lock work. Each device needs it once; renewed certificates need nothing.",
    own: 'This centre uses a certificate of its own; nothing has to be installed here. If your browser still warns, ask the administrator.',
    check: {
      asking: 'Checking this device…',
      trusted: 'This device already trusts the centre. Nothing to install.',
      goOn: 'Open the board',
      not: 'This device does not trust the centre yet: follow the three steps below.',
      unknown: 'This browser cannot check by itself. After installing, open the browser again: no warning means it worked.',
      again: 'Check again',
    },
    compare: '1. Compare the fingerprint',
    compareLead:
      'This is the SHA-256 fingerprint of the root certificate. Compare it, group by group, with the one the server showed when it started or the one the administrator has put up. Install only if they are the same. If not, somebody is posing as the centre: do not install, and tell the administrator at once.',
    narrow: "This root can vouch for addresses of the internal network and this server's names alone, and for no other site.",
    get: '2. Download the root certificate',
    download: 'Download the root certificate (.crt)',
    pem: 'As text (.pem), for Linux',
    failed: 'The fingerprint could not be read: make sure the server can be reached, then load this page again.',
    install: '3. Install it',
    thisDevice: 'this device',
    devices: { windows: 'Windows', android: 'Android phones and tablets', ios: 'iPhone, iPad', mac: 'macOS', linux: 'Linux, wall player (Chromium)' },
    steps: {
      windows: [
        'Double-click the downloaded situation-board-root.crt and choose “Install Certificate”.',
        'On a computer used by several people choose “Local Machine”, otherwise “Current User”; choose “Next”.',
        'Choose “Place all certificates in the following store”, “Browse”, “Trusted Root Certification Authorities”, then “OK”, “Next”, “Finish”; answer the security warning with “Yes”.',
        'Close every browser window and open the browser again.',
        'An administrator can do it by one command (run as administrator):',
        '$ certutil -addstore -f Root situation-board-root.crt',
      ].join('\n'),
      android: [
        'Open Settings and search for “CA certificate” (mostly under Security → Encryption & credentials → Install a certificate).',
        'Choose “CA certificate”, then “Install anyway”, and confirm with the screen lock.',
        'Choose the downloaded situation-board-root.crt.',
        "Close the browser and open it again. Use Chrome or the phone's own browser.",
      ].join('\n'),
      ios: [
        'Open this page in Safari, download, and choose “Allow” when asked about a configuration profile.',
        'Open Settings, tap “Profile Downloaded”, tap “Install” and enter the passcode.',
        'Open Settings → General → About → Certificate Trust Settings and switch on “Situation board root”; tap “Continue”.',
      ].join('\n'),
      mac: [
        'Double-click the downloaded situation-board-root.crt and add it to the “login” keychain.',
        'In Keychain Access double-click “Situation board root”, open “Trust” and set “When using this certificate” to “Always Trust”.',
        "Close the window, enter this Mac's password, and open the browser again.",
      ].join('\n'),
      linux: [
        'Download the .pem file. For the whole machine (Debian, Ubuntu and their kin):',
        '$ sudo cp situation-board-root.pem /usr/local/share/ca-certificates/situation-board-root.crt',
        '$ sudo update-ca-certificates',
        'Chromium and Chrome keep a list of their own; as the user that shows the wall (needs libnss3-tools):',
        '$ mkdir -p ~/.pki/nssdb && certutil -d sql:$HOME/.pki/nssdb -A -t "C,," -n situation-board -i situation-board-root.pem',
        'Start the browser again.',
      ].join('\n'),
    },
    firefox: 'Firefox can be told by itself on any system: Settings → Privacy & Security → View Certificates → Authorities → Import, and tick “Trust this CA to identify websites”.',
  },
);
