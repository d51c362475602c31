import { toTerms } from './words.ts';

export type Language = 'en' | 'zh' | 'ja';

/** What kind of thing an answer must hold. */
export type Ask =
  | 'money'
  | 'duration'
  | 'count'
  | 'moment'
  | 'person'
  | 'contact'
  | 'place'
  | 'code'
  | 'size'
  | 'percent';

export interface Question {
  language: Language;
  kind: 'greeting' | 'thanks' | 'summary' | 'question';
  text: string;
  asks: Ask[];
  /** The words that say what it is about, each once. */
  terms: string[];
  /** Those of the terms that are names, numbers or abbreviations. */
  names: Set<string>;
  /** The same question, side by side: "A or B", "A, and B?". One entry when it has one side. */
  sides: string[];
}

/** Reads a question: by patterns, because nothing here may need a network. */
export function readQuestion(text: string): Question {
  const language = languageOf(text);
  return {
    language,
    kind: kindOf(text),
    text,
    asks: ASKS.filter(([, pattern]) => pattern.test(text)).map(([ask]) => ask),
    terms: contentTerms(text),
    names: new Set(toTerms((text.match(NAME) ?? []).join(' '))),
    sides: sidesOf(text),
  };
}

/**
 * Of a question for the place on the page ("Where does it say how long?") what is to be found there ("how long?"), maybe
 * nothing ("Where does it say that?"). `undefined`: it asks for something else.
 */
export function readPlaceQuestion(text: string): string | undefined {
  const rest = text.replace(PLACE_QUESTION, (_words, subject?: string) => ` ${subject ?? ''} `);
  return rest === text ? undefined : rest;
}

const PLACE_QUESTION = new RegExp(
  [
    String.raw`\bwhere(?: exactly)?(?: on (?:this|the) page)? (?:does|do|did) (?:it|this|that|you|the (?:page|text|article)) (?:actually )?(?:say|state|mention|talk about)\b`,
    String.raw`\bwhere(?: exactly)?(?: on (?:this|the) page)? (?:is|are|was|were) (.+?) (?:said|stated|mentioned|written|described|explained)\b`,
    String.raw`\bshow me (?:where|the (?:passage|section|part|place|sentence|paragraph))\b`,
    // As a request: "How do I scroll to the top?" asks about a program.
    String.raw`(?:^|[.!?] +|\b(?:please|(?:can|could|would) you) +)(?:(?:take me|scroll|jump|go) to|highlight)\b`,
    String.raw`(?:页面上?|文中|原文)?(?:是)?在?哪(?:里|儿|段|节|一段|一节|个地方)(?:写|说|提到|提及|讲)(?:了|过|的|着)?|(?<!怎么|如何|怎样|何)(?:(?:跳转?|滚动|带我)到|标出来?|高亮(?:显示)?)`,
    String.raw`(?:ページの)?どこに(?:書い|書かれ|記載|載っ)[ぁ-ん]*|どこで(?:言っ|述べ|説明)[ぁ-ん]*|(?:場所|箇所|部分)(?:を|に)(?:見せ|示し|移動)[ぁ-ん]*`,
  ].join('|'),
  'iu',
);

/** Kana means Japanese, Han without it Chinese, anything else English. */
export function languageOf(text: string): Language {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja';
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}

/** What is left of a text without the words every question has. */
export function contentTerms(text: string): string[] {
  const bare = text
    .normalize('NFKC')
    .replace(CJK_STOP, ' ')
    .replace(/[’']s\b|n[’']t\b|[’'](?:re|ve|ll|m|d)\b/g, ' ');
  return [...new Set(toTerms(bare.replace(EN_STOP, ' ')))];
}

/** A capital inside a word or after other words, a digit; in Chinese and Japanese any Latin word; a weekday. */
const NAME =
  /(?<=[\p{Ll},] )\p{Lu}[\p{L}\p{N}]+|\b\p{L}*\p{Ll}\p{Lu}\w*|\b\p{Lu}{2,}\w*|\b\w*\p{N}\w*|(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]\s?)[A-Za-z]+|[月火水木金土日]曜日?|(?:周|星期)[一二三四五六日天]/gu;

const EN_STOP =
  /\b(?:a|an|the|and|or|but|if|of|to|in|on|at|by|for|from|with|without|about|into|as|is|are|was|were|be|been|being|am|do|does|did|doing|done|have|has|had|having|i|me|my|mine|we|us|our|you|your|yours|it|its|they|them|their|he|she|his|her|this|that|these|those|there|here|what|which|who|whom|whose|when|where|why|how|can|could|should|would|will|shall|may|might|must|not|no|yes|so|than|then|too|very|just|also|any|some|all|each|other|another|one|ones|get|gets|got|getting|want|need|like|use|using|used|make|please|tell|know|work|works|much|many|let|let's|page|say|says|thing|things|way|there|actually|really|ok|okay|hi|hello|possible|happen|happens|go|going|still|only|ever|exactly|kind|sort|out|up|own|both|while|after|before|during|instead|mean|wondering|someone|something|anything|give|given|back|old|new|keep|keeps|doesn|don|isn|won|take|takes|put|see|does)\b/gi;

const CJK_STOP =
  /请问|什么时候|多大|多重|多高|多长时间|多长|多久|多远|多贵|几点|几天|什么样|为什么|什么|怎么样|怎么办|怎么|怎样|如何|哪里|哪些|哪个|哪儿|多少|是否|是不是|可不可以|能不能|可以|有没有|需要|应该|这个|那个|这里|你们|我们|我想|我的|你的|的话|一下|是|的|了|吗|呢|吧|在|和|与|或者|还是|要|会|能|有|我|你|它|把|被|让|用|到|对|给|也|都|就|这|那|几|个|教えて|いくら|どれくらい|どのくらい|どうすれば|どうしたら|もらえますか|もらえる|なぜ|どんな|知りたい|ください|下さい|ですか|ますか|でしょうか|場合|方法|何|誰|どの|この|その/g;

const ASKS: [Ask, RegExp][] = [
  [
    'money',
    /how much (?:does|do|is|are|will|would|it|for|to|the|a)\b|\b(?:cost|costs|price|prices|priced|pricing|fees?|charged?|expensive|cheapest)\b|多少钱|价格|费用|收费|几块|多贵|いくら|料金|値段|費用|手数料/i,
  ],
  [
    'duration',
    /how (?:long|soon|quickly|fast|often|old|late|early)\b|how many (?:days|hours|minutes|weeks|months|years|seconds)|what (?:time )?period|多久|多长时间|几天|几个月|几小时|多少天|多少小时|何日|何時間|何分|何か?月|何年|どのくらいの?(?:期間|時間|で)|どれくらいの?(?:期間|時間|で)|いつまで|期限は|何秒|多少秒|多少分钟|几分钟/i,
  ],
  [
    'count',
    /how many|how much (?!(?:does|do|did|is|are|was|will|would|it|for|to|the|a|i|you|we|money)\b)\w+|what number|number of|maximum|minimum|\blimits?\b|how far|多少(?!钱)|几个|几次|几人|几台|上限|最多|最少|何人|何個|何回|何件|何冊|何台|何点|何文字|いくつ|上限|最大|最低/i,
  ],
  [
    'size',
    /how (?:big|large|heavy|tall|wide|small|deep)\b|what (?:size|weight|capacity|temperature)|多大|多重|多高|几度|多少度|容量|どのくらいの大きさ|何グラム|何キロ|何度|何リットル|サイズ/i,
  ],
  ['percent', /what percent|percentage|百分之|何パーセント|何割|成功率/i],
  [
    'moment',
    /\bwhen (?:is|are|do|does|did|will|was|can)\b|what (?:time|date|day|hours)|which day|opening hours|几点|什么时候|哪天|何时|几号|いつ(?!でも)|何時|何曜日/i,
  ],
  ['person', /^\s*who\b|\bwho (?:is|are|can|should|has|does|do)\b|谁|哪位|誰|どなた/i],
  [
    'contact',
    /(?:e-?mail|phone|telephone)(?: address| number)?\b|how (?:do|can) (?:i|we) (?:contact|reach)|电话|邮箱|联系方式|怎么联系|電話番号|メールアドレス|連絡先/i,
  ],
  [
    'place',
    /^\s*where\b|\bwhere (?:is|are|do|does|can|should|will)\b|what address|哪里|哪儿|在哪|地址|どこ|場所|住所/i,
  ],
  [
    'code',
    /\b(?:command|flag|endpoint|header|env(?:ironment)? var(?:iable)?|function|method|parameter|field|syntax|snippet|status code|error code|example code|exit code|class name)\b|命令|参数|字段|代码|函数|环境变量|请求头|状态码|コマンド|パラメータ|フラグ|環境変数|ヘッダー|関数|コード/i,
  ],
];

function kindOf(text: string): Question['kind'] {
  const bare = text.trim().toLowerCase();
  if (
    /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|你好|您好|嗨|こんにちは|こんばんは|おはよう(?:ございます)?|はじめまして)(?:\s+(?:there|all))?[\s!.,。！、?？~]*$/u.test(
      bare,
    )
  )
    return 'greeting';
  if (
    /^(?:thanks?|thank you|thx|cheers|great|谢谢|多谢|感谢|ありがとう(?:ございます)?|どうも)(?:\s+(?:a lot|so much|very much))?[\s!.,。！~]*$/u.test(
      bare,
    )
  )
    return 'thanks';
  if (
    /what(?:'s| is| does)?\s+(?:this|the)\s+(?:page|article|document|guide|doc)\b.*(?:about|cover|say|explain|for)|what(?:'s| is) (?:on|in) (?:this|the) (?:page|article|document|guide)\s*\??$|what can i (?:find|read|learn) here|summari[sz]e|\btl;?dr\b|\boverview of (?:this|the) page|what am i reading|(?:这个?|本)(?:页面?|网页|文章|文档|篇).*(?:讲|说|关于|介绍|内容)|总结|概括|概述|(?:この|当)(?:ページ|記事|文書).*(?:何|内容|概要|説明)|要約|まとめて/iu.test(
      bare,
    )
  )
    return 'summary';
  return 'question';
}

/** The sides of a comparison and the parts of a double question; each keeps the words around it. */
function sidesOf(text: string): string[] {
  const sentences = text.split(/[?？]\s*(?=\S)/u).filter((part) => contentTerms(part).length > 0);
  if (sentences.length > 1) return sentences;
  const halves =
    /^(.*?\S)(?:,?\s+(?:and (?:what|how|when|where|who|which|is|are|can|do|does)\b|versus|vs\.?|compared (?:to|with)|rather than)\s+|[，,、]?(?:还是|以及|和|跟|相比)|(?:と|より|それとも|および))(\S.*)$/iu.exec(
      text,
    );
  const [, first, second] = halves ?? [];
  if (first !== undefined && second !== undefined && contentTerms(first).length > 0 && contentTerms(second).length > 0)
    return [first, second];
  const between = /\b(?:difference|differ|compare|choose) (?:between )?(.+?) (?:and|from|with|or) (.+)/i.exec(text);
  if (between?.[1] && between[2]) return [between[1], between[2]];
  return [text];
}
