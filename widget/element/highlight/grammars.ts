export interface Grammar {
  /** Its groups are named by what they find; `word` may be a keyword or the name of what is called. */
  pattern: RegExp;
  keywords: ReadonlySet<string>;
  ignoresCase: boolean;
}

// Each is read in a time that grows with the code and not faster: what may fail late begins where a word begins.
// Strings end at their line even where the closing mark is missing: while an answer streams it always is.
const STRING = String.raw`"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?`;
const TEMPLATE = '`(?:\\\\[^]|[^`\\\\])*`?';
const NUMBER = String.raw`\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\w*`;
const WORD = String.raw`[A-Za-z_$][\w$-]*`;
const C_COMMENT = String.raw`\/\/.*|\/\*[^]*?(?:\*\/|(?![^]))`;

const C_WORDS =
  'abstract as async await auto bool boolean break byte case catch char class const continue default defer delete do double else enum export extends extern false final finally float fn for foreach from func function get go goto if impl implements import in instanceof int interface internal is let lock long loop map match mod module mut namespace new nil null nullptr object of operator out override package private protected pub public range readonly record ref return sealed self set short signed sizeof static string struct super switch template this throw throws trait true try type typedef typeof undefined union unsafe unsigned use using val var virtual void volatile when where while with yield';
const SCRIPT_WORDS =
  'and as assert async await begin break case class continue def del do done elif else elsif end ensure esac except exit export false False fi finally for from function global if import in is lambda let local module next nil None nonlocal not null or pass puts raise require rescue return self set source then true True try unless until when while with yield FROM RUN COPY CMD ENTRYPOINT WORKDIR ENV EXPOSE ARG';
const SQL_WORDS =
  'add all alter and as asc begin between by case check column commit constraint create cross database default delete desc distinct drop else end exists foreign from full group having if in index inner insert into is join key left like limit not null offset on or order outer primary references returning right rollback select set table then union unique update using values view when where with';

const pattern = (groups: Record<string, string>): RegExp =>
  new RegExp(
    Object.entries(groups)
      .map(([name, source]) => `(?<${name}>${source})`)
      .join('|'),
    'gm',
  );

const grammar = (groups: Record<string, string>, words = '', ignoresCase = false): Grammar => ({
  pattern: pattern(groups),
  keywords: new Set(words.split(' ')),
  ignoresCase,
});

const c = grammar({ comment: C_COMMENT, string: `${TEMPLATE}|${STRING}`, number: NUMBER, word: WORD }, C_WORDS);
const script = grammar(
  {
    comment: String.raw`(?<=^|\s)#.*`,
    string: String.raw`"""[^]*?(?:"""|(?![^]))|'''[^]*?(?:'''|(?![^]))|${STRING}`,
    name: String.raw`\$\{?\w+\}?|(?<=^|\s)--?[A-Za-z][\w-]*`,
    number: NUMBER,
    word: WORD,
  },
  SCRIPT_WORDS,
);
const sql = grammar(
  { comment: String.raw`--.*|\/\*[^]*?(?:\*\/|(?![^]))`, string: STRING, number: NUMBER, word: WORD },
  SQL_WORDS,
  true,
);
const markup = grammar({
  comment: '<!--[^]*?(?:-->|(?![^]))',
  keyword: String.raw`<[/!?]?[A-Za-z][\w:-]*|[/?]?>`,
  string: String.raw`(?<==)(?:"[^"]*"?|'[^']*'?)`,
  name: String.raw`(?<![\w:@-])[\w:@-]+(?==)`,
});
const css = grammar({
  comment: String.raw`\/\*[^]*?(?:\*\/|(?![^]))`,
  string: STRING,
  keyword: String.raw`@[\w-]+|!important`,
  name: String.raw`(?<![\w-])[\w-]+(?=\s*:\s)`,
  number: String.raw`#[\da-fA-F]{3,8}\b|-?\b\d[\d.]*(?:%|[a-z]+)?`,
});
const data = grammar({
  comment: String.raw`(?<=^|\s)#.*`,
  name: String.raw`"(?:\\.|[^"\\\n])*"(?=\s*:)|^[ \t]*(?:- )?[\w.][\w.-]*(?=[ \t]*[:=])|^[ \t]*\[.*\]`,
  string: STRING,
  number: String.raw`-?\b\d[\w.:+-]*`,
  keyword: String.raw`\b(?:true|false|null|yes|no)\b`,
});
const diff = grammar({ comment: '^(?:@@|diff |index |---|\\+\\+\\+).*', plus: '^\\+.*', minus: '^-.*' });

const LANGUAGES: [Grammar, string][] = [
  [
    c,
    'js jsx mjs cjs javascript ts tsx typescript java c h cpp c++ cc cs csharp c# go golang rust rs php swift kotlin kt scala dart solidity proto graphql',
  ],
  [
    script,
    'py python rb ruby sh bash zsh shell console powershell ps1 perl r julia lua elixir dockerfile docker makefile make',
  ],
  [sql, 'sql postgres postgresql mysql sqlite'],
  [markup, 'html xml svg vue svelte astro'],
  [css, 'css scss less'],
  [data, 'json jsonc json5 yaml yml toml ini env properties'],
  [diff, 'diff patch'],
];
const byName = new Map(LANGUAGES.flatMap(([known, names]) => names.split(' ').map((name) => [name, known] as const)));

/** How code of that language is read; undefined where nobody here knows it. */
export function grammarOf(language: string): Grammar | undefined {
  return byName.get(language.toLowerCase());
}
