import type { Ask } from './question.ts';

const NUMBER = String.raw`(?:\d[\d,.]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty|ninety|once|twice)\b|[一二两三四五六七八九十百千万半]+)`;

/**
 * Per kind of answer, what a passage that holds it looks like. A passage about the right subject without the thing
 * asked for is the usual way to be wrong: retrieval scores alone hardly tell (AUC 0.60–0.73 on real pages).
 */
const HOLDS: Record<Ask, RegExp> = {
  money:
    /[$€£¥￥]\s?\d|\d[\d,.]*\s?(?:usd|eur|gbp|jpy|cny|rmb|dollars?|euros?|pounds?|cents?|yen|元|块|円|美元|日元|ドル|ユーロ)|\b(?:free|no (?:extra )?(?:charge|cost|fee)|at cost)\b|免费|无料|無料|免運費|包邮|\d\s?%/iu,
  duration: new RegExp(
    String.raw`${NUMBER}[\s-]*(?:to\s*\d+\s*)?(?:full |working |business |calendar )?(?:ms|milliseconds?|s\b|secs?|seconds?|mins?|minutes?|h\b|hours?|days?|nights?|weeks?|months?|years?|毫秒|秒|分钟|分|小时|时|天|日|个?工作日|周|个?星期|个?月|年|時間|分間|日間|週間|か月|ヶ月|カ月|営業日|回)|\b(?:daily|weekly|monthly|hourly|yearly|annually|every|instant(?:ly)?|immediately|forever|indefinitely|never expires?|once)\b|每天|每周|每月|每日|立即|永久|毎日|毎週|毎月|すぐに|即時|無期限|ごと`,
    'iu',
  ),
  count:
    /(?<![\w-])\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty|unlimited|no limit|single|none|once|twice)\b|[二两三四五六七八九十百千万]\s?\p{Script=Han}|不限|无限|無制限|制限はありません/iu,
  size: /\d[\d,.]*\s?(?:[kmgt]i?b|bytes?|kg|g|lbs?|oz|mm|cm|m|km|in|inch(?:es)?|ft|l|ml|px|pixels|°|degrees?|公斤|克|斤|厘米|毫米|米|升|毫升|度|キロ|グラム|センチ|リットル|ミリ|mah|w|v)\b|[\d一二两三四五六七八九十百千半]\s?(?:公斤|克|厘米|毫米|米|升|毫升|度|兆|キロ|グラム|センチ|リットル|ミリ)|[°℃]/iu,
  percent: /\d\s?%|percent|百分之|パーセント|割/iu,
  moment:
    /\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b|\d{1,2}:\d{2}|\b\d{1,2}\s?(?:am|pm)\b|\d{4}|\b(?:noon|midnight|daily|weekdays?|weekends?|holidays?|every|when|after|before|once|as soon as|within|until|night)\b|\d+\s?(?:点|號|号|日|月|時|年|天)|[周星期][一二三四五六日天]|[月火水木金土日]曜|每|当|之后|以前|以后|毎|際|とき|まで|から|後に|以内/iu,
  person:
    /\b(?:team|owners?|admins?|administrators?|members?|users?|manager|staff|people|we|you|anyone|everyone|customers?|editors?|viewers?|guests?|residents?|students?|adults?|children|maintainers?|developers?|company|support|only)\b|\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|员|者|人|团队|用户|客户|部门|方|担当|チーム|ユーザー|会員|管理者|の方/u,
  contact:
    /[\w.+-]+@[\w-]+\.[\w.]+|\+?\d[\d\s().-]{6,}\d|\b(?:contact|call|write to|chat)\b|客服|联系|窓口|問い合わせ/iu,
  place:
    /[/~][\w.-]+\/|\b(?:in|at|under|on|from|near|inside|behind|below|above|to|open)\b.{0,30}(?:\p{Lu}|settings?|menu|page|tab|section|dashboard|folder|director|file|floor|street|road|desk|counter|entrance|door|panel|bottom|top|back|left|right|account)|[>→›]|在|位于|处|楼|层|路|街|进入|打开|点击|にあり|から|にて|階|通り|番地|開き|メニュー|画面|ページ|設定/u,
  code: /`|[$#>]\s|\b\w+[_.-]\w+|--?\w|\/\w+|\b[A-Z][A-Z_]{2,}\b|\b[45]\d\d\b|\w\(|\{/u,
};

/** Whether a text holds a thing of each kind asked for, as a share. 1 when nothing of a kind is asked for. */
export function holds(text: string, asks: Ask[]): number {
  if (asks.length === 0) return 1;
  return asks.filter((ask) => HOLDS[ask].test(text)).length / asks.length;
}
