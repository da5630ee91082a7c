import { inBoth } from '../text/words.ts';
import type { ErrorCode, FieldCode, FieldProblem, Problem } from './errors.ts';

/**
 * What a person reads for each code: what is wrong, and what to do about it. A code without words, in either language,
 * does not compile. Server answers, exports and screens all speak from here.
 */
const errorsZh = {
  inputRejected: '有几处填写不对，请按提示改好再存',
  conflict: '此项刚被他人改过，请核对两边的内容再定',
  movedOn: '情况已有变化，请看清现状再操作',
  notFound: '没有找到，可能已不在您的管辖范围',
  alreadyExists: '已经登记过了，请查找原有记录',
  notAllowed: '您没有此项权限，请找值班领导或管理员',
  httpsOnly: '此处只接受 HTTPS，请改用以 https:// 开头的地址',
  notSignedIn: '登录已失效，请重新登录，已填内容不会丢',
  signInFailed: '用户名或密码不对，请重新输入',
  tooMany: '操作过于频繁，稍候自动再试',
  tooLarge: '内容太大，请精简后再发',
  notJson: '请求应为完整的 JSON(application/json)',
  idReused: '这个编号已用于另一内容，未保存；请刷新后重新填报',
  unknownCommand: '页面版本过旧，请刷新',
  boardUnknown: '没有这块态势板，请核对地址',
  boardMovedOn: '数据已切换到新的时段，正在重新接入',
  upgradeNeeded: '页面版本过旧，请刷新',
  notReady: '系统暂时不能办理，稍候自动再试',
  internal: '系统内部出错，已记录，稍候自动再试',
} as const satisfies Record<ErrorCode, string>;

const errorsEn = {
  inputRejected: 'Something needs mending: see the marked fields, then save again',
  conflict: 'Somebody else has just changed this: compare both values and choose',
  movedOn: 'Things have moved on: look at the present state first',
  notFound: 'Not found; it may have left your scope',
  alreadyExists: 'Already recorded: look for the earlier record',
  notAllowed: 'You may not do this; ask the duty leader or an administrator',
  httpsOnly: 'Only HTTPS is taken here: use the address that begins with https://',
  notSignedIn: 'Your session has ended: sign in again, nothing you typed is lost',
  signInFailed: 'Wrong user name or password: try again',
  tooMany: 'Too many requests; trying again shortly',
  tooLarge: 'Too large; shorten it and send again',
  notJson: 'The request must be complete JSON (application/json)',
  idReused: 'This number was used for something else; not saved. Reload and enter it again',
  unknownCommand: 'This page is out of date: reload it',
  boardUnknown: 'There is no such board: check the address',
  boardMovedOn: 'The record has begun a new epoch; joining again',
  upgradeNeeded: 'This page is out of date: reload it',
  notReady: 'The system cannot take this just now; trying again shortly',
  internal: 'Something went wrong in the system and was logged; trying again shortly',
} as const satisfies Record<ErrorCode, string>;

const fieldsZh = {
  required: '必填',
  invalid: '格式不对，请改正',
  tooLong: '太长，最多 {max} 个字或 {max} 行，请删减',
  tooShort: '太短，至少要 {min}',
  tooSmall: '不能小于 {min}',
  tooBig: '不能大于 {max}',
  notANumber: '请填数字',
  notInList: '请从列表中选择',
  unknownField: '不认识的字段，请去掉',
  badTelephone: '认不出电话号码，请填手机或带区号的座机；对方不显示号码就留空',
  badCreditCode: '统一社会信用代码不对（18 位，末位为校验码），请对照执照',
  badTime: '时间前后矛盾，请核对',
  timeInFuture: '时间不能晚于现在',
  unknownLocality: '没有这个属地或已撤并，请从列表中选择',
  unknownUnit: '没有这个单位或已停用，请从列表中选择',
  unknownTopic: '没有这个事项或已停用，请从列表中选择',
  unknownItem: '没有这个品名或已停用，请从列表中选择',
  unknownLimit: '没有这个时限或已停用，请从列表中选择',
  taken: '这个编号已被用过，请换一个或查找原有记录',
  differs: '与已有内容不一致，请核对',
  notAllowedHere: '此时不能这样办，请看清当前状态',
  timeTooOld: '时间太早，此处已不能补录，请核对',
  duplicate: '与另一行重复，请合并成一行',
  outsideArea: '经纬度不在我国范围内，请核对是否填反',
  tooFast: '与前后位置相比车速超过每小时 {max} 公里，请核对位置和时间',
  notCounted: '还有 {count} 项没有清点，请先点完',
  inIncident: '已归入事件 {number}，请先从那里移出',
  inUse: '清单里还有一行（{line}）指向它，请先改清单',
  passwordTooEasy: '密码太容易猜到，请换一个',
  wrongPassword: '原密码不对，请重新输入',
  wrongCode: '配对码不对或已过期，请核对大屏上的数字',
  lastAdmin: '至少要留一名在用的管理员',
  badExpression: '第 {at} 个字起读不懂，请对照旁边的说明修改',
  overlaps: '与已排的班次时间重叠，请先调整那一班',
  textTooSmall: '最远处看不清字：请让看屏的人在 {far} 米以内，或改用宽 {width} 米以上的屏，或把字号放大到 {scale} 倍（栏数减少）',
  textTooFar: '最远处看不清字：请让看屏的人在 {far} 米以内，或改用宽 {width} 米以上的屏',
  noLayout: '按这样的像素、拼接和字号排不下，请核对；单块拼接屏太窄时请减小字号倍数',
} as const satisfies Record<FieldCode, string>;

const fieldsEn = {
  required: 'Required',
  invalid: 'Not in the right form: correct it',
  tooLong: 'Too long: at most {max} characters or lines',
  tooShort: 'Too short: at least {min}',
  tooSmall: 'Not less than {min}',
  tooBig: 'Not more than {max}',
  notANumber: 'Enter a number',
  notInList: 'Choose from the list',
  unknownField: 'Unknown field: leave it out',
  badTelephone: 'Not a telephone number: mobile, or landline with area code; leave empty if withheld',
  badCreditCode: 'Not a valid credit code (18 characters, the last one checks the rest): compare with the licence',
  badTime: 'The times contradict each other: check them',
  timeInFuture: 'Cannot be later than now',
  unknownLocality: 'No such locality, or no longer in force: choose from the list',
  unknownUnit: 'No such unit, or retired: choose from the list',
  unknownTopic: 'No such topic, or switched off: choose from the list',
  unknownItem: 'No such item, or switched off: choose from the list',
  unknownLimit: 'No such time limit, or switched off: choose from the list',
  taken: 'Already in use: choose another, or look for the earlier record',
  differs: 'Differs from what is recorded: check it',
  notAllowedHere: 'Not possible at this stage: look at the present state',
  timeTooOld: 'Too long ago to be entered here: check it',
  duplicate: 'The same as another line: make them one',
  outsideArea: 'Not within China: are longitude and latitude the wrong way round?',
  tooFast: 'More than {max} km/h from the position before or after: check place and time',
  notCounted: '{count} still to be counted: count them first',
  inIncident: 'It belongs to incident {number} already: take it out there first',
  inUse: 'A line of the lists ({line}) still points to it: change the list first',
  passwordTooEasy: 'Too easy to guess; choose another',
  wrongPassword: 'The present password is not right: try again',
  wrongCode: 'Wrong or expired code; compare it with the screen',
  lastAdmin: 'At least one administrator must remain in service',
  badExpression: 'Cannot be read from character {at} on: compare with what stands beside it',
  overlaps: 'Overlaps a shift already on the roster: change that one first',
  textTooSmall: 'Too small for the farthest reader: let nobody stand beyond {far} m, or take a screen at least {width} m wide, or make letters {scale} times as large (fewer columns)',
  textTooFar: 'Too small for the farthest reader: let nobody stand beyond {far} m, or take a screen at least {width} m wide',
  noLayout: 'No layout fits these pixels, tiles and letters: check them; where the tiles are narrow, make the letters smaller',
} as const satisfies Record<FieldCode, string>;

export const words = inBoth({ errors: errorsZh, fields: fieldsZh }, { errors: errorsEn, fields: fieldsEn });

export type Lang = keyof typeof words;

/** The one sentence for a problem as a whole. */
export const explain = (problem: Pick<Problem, 'code'>, lang: Lang): string => words[lang].errors[problem.code];

/** The sentence that stands beside a field. */
export const explainField = (problem: Pick<FieldProblem, 'code' | 'params'>, lang: Lang): string => filled(words[lang].fields[problem.code], problem.params ?? {});

/** Named places filled in; one that was given nothing stays visible rather than reading as a fact. */
export const filled = (text: string, params: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : whole));
