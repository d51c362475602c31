import type { MarkedToken, Token, Tokens } from 'marked';
import type { ComponentChild, ComponentChildren } from 'preact';
import { Heading } from '../view/heading.tsx';
import { decodeReferences } from './character-references.ts';
import { splitMarks, withoutMarks } from './citation-marks.ts';
import { readDeeplink } from './read-deeplink.ts';
import { hiddenHost, safeImage, safeLink } from './safe-link.ts';

/** What the drawing of tokens needs to know of its surroundings. */
export interface RenderContext {
  baseUrl: string;
  imageDomains: readonly string[] | undefined;
  labels: { done: string; open: string };
  /** Draws the citation of the given numbers. */
  citation: (numbers: readonly number[]) => ComponentChild;
  codeBlock: (code: string, language: string) => ComponentChild;
  deeplink: (link: { name: string; data: Record<string, string> }, words: ComponentChildren) => ComponentChild;
}

/** Deeper nesting than this is shown as its source: nobody means it, and the stack is finite. */
const DEEPEST = 40;

/**
 * Tokens as vnodes. There is no string of HTML anywhere on this way: raw HTML in an answer is text, an address passes
 * `safeLink` or is dropped, and no other attribute carries anything of the answer's.
 */
export function renderTokens(tokens: readonly Token[], context: RenderContext, depth = 0): ComponentChild[] {
  return tokens.map((token) => renderToken(token as MarkedToken, context, depth));
}

function renderToken(token: MarkedToken, context: RenderContext, depth: number): ComponentChild {
  if (depth > DEEPEST) return withoutMarks(token.raw);
  const children = (inner: readonly Token[] | undefined) => renderTokens(inner ?? [], context, depth + 1);
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'paragraph':
      return <p>{children(token.tokens)}</p>;
    case 'heading':
      // One level for all, below the message's own: answers begin at any depth, and a skipped level loses a listener.
      return (
        <Heading below={2} class={`depth-${token.depth}`}>
          {children(token.tokens)}
        </Heading>
      );
    case 'hr':
      return <hr />;
    case 'blockquote':
      return <blockquote>{children(token.tokens)}</blockquote>;
    case 'list':
      return renderList(token, children);
    case 'list_item':
      return <li>{children(token.tokens)}</li>;
    case 'checkbox':
      return (
        <input
          type="checkbox"
          disabled
          checked={token.checked}
          aria-label={token.checked ? context.labels.done : context.labels.open}
        />
      );
    case 'table':
      return renderTable(token, children);
    case 'code':
      return [
        context.codeBlock(withoutMarks(token.text), (token.lang ?? '').split(/\s/)[0] ?? ''),
        marksOf(token, context),
      ];
    case 'strong':
      return <strong>{children(token.tokens)}</strong>;
    case 'em':
      return <em>{children(token.tokens)}</em>;
    case 'del':
      return <del>{children(token.tokens)}</del>;
    case 'codespan':
      return [<code>{withoutMarks(token.text)}</code>, marksOf(token, context)];
    case 'br':
      return <br />;
    case 'link':
      return renderLink(token, context, depth);
    case 'image':
      return renderImage(token, context);
    case 'html':
      return /^<br\s*\/?>$/i.test(token.raw.trim()) ? <br /> : renderText(token.raw, context);
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens ? children(token.tokens) : renderText(decodeReferences(token.text), context);
    default:
      return withoutMarks((token as Token).raw);
  }
}

function renderText(text: string, context: RenderContext): ComponentChildren {
  const parts = splitMarks(text);
  return parts.length === 1 ? text : parts.map((part, index) => (index % 2 === 0 ? part : citationOf(part, context)));
}

function citationOf(numbers: string | undefined, context: RenderContext): ComponentChild {
  return numbers && context.citation(numbers.split(',').map(Number));
}

/** The citations inside a token that cannot hold them, such as code or a link: they are drawn behind it. */
function marksOf(token: Token, context: RenderContext): ComponentChild[] {
  return splitMarks(token.raw).map((part, index) => index % 2 === 0 || citationOf(part, context));
}

function renderList(token: Tokens.List, children: (tokens: Token[]) => ComponentChild[]): ComponentChild {
  const items = token.items.map((item) => <li class={item.task ? 'task' : undefined}>{children(item.tokens)}</li>);
  if (!token.ordered) return <ul>{items}</ul>;
  return <ol start={token.start === '' || token.start === 1 ? undefined : token.start}>{items}</ol>;
}

function renderTable(token: Tokens.Table, children: (tokens: Token[]) => ComponentChild[]): ComponentChild {
  // A wide table scrolls by itself, so the keyboard has to reach it.
  return (
    <div class="table" tabIndex={0} role="group">
      <table>
        <thead>
          <tr>
            {token.header.map((cell) => (
              <th class={alignment(cell)}>{children(cell.tokens)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td class={alignment(cell)}>{children(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function alignment({ align }: Tokens.TableCell): string | undefined {
  return align ? `align-${align}` : undefined;
}

function renderLink(token: Tokens.Link, context: RenderContext, depth: number): ComponentChild {
  // An address written out is followed as written; one inside `[](…)` may hold references.
  const written = withoutMarks(token.href);
  const href = token.autolink ? written : decodeReferences(written);
  const url = safeLink(href, context.baseUrl);
  // No citation inside a link: a link in a link is not HTML.
  const plain = { ...context, citation: () => null };
  const words = renderTokens(token.tokens, plain, depth + 1);
  const deeplink = readDeeplink(href);
  if (deeplink) return [context.deeplink(deeplink, words), marksOf(token, context)];
  if (!url) return [words, marksOf(token, context)];
  const host = hiddenHost(decodeReferences(withoutMarks(token.text)), url);
  return [anchor(url, words), host && <span class="host"> ({host})</span>, marksOf(token, context)];
}

function renderImage(token: Tokens.Image, context: RenderContext): ComponentChild {
  const href = decodeReferences(withoutMarks(token.href));
  const words = decodeReferences(withoutMarks(token.text));
  const src = safeImage(href, context.imageDomains, context.baseUrl);
  if (src) return <img src={src} alt={words} loading="lazy" referrerpolicy="no-referrer" />;
  const url = safeLink(href, context.baseUrl);
  return url ? anchor(url, words || url.hostname) : words;
}

function anchor(url: URL, words: ComponentChildren): ComponentChild {
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow ugc">
      {words}
    </a>
  );
}
