import type { OpenAIResponsesRawModelStreamEvent } from '@openai/agents';
import type { Annotation } from '../../../protocol/item.ts';

/** An event of the Responses API as it came. */
export type ResponseStreamEvent = OpenAIResponsesRawModelStreamEvent['data']['event'];

type OutputItem = Extract<ResponseStreamEvent, { type: 'response.output_item.added' }>['item'];
export type ResponseMessage = Extract<OutputItem, { type: 'message' }>;
/** A citation as a model endpoint sends it. */
export type ResponseCitation = Extract<
  ResponseMessage['content'][number],
  { type: 'output_text' }
>['annotations'][number];

/** What a bridge makes of citations and images; override what should be different. Awaited, so that it may upload. */
export class ResponseStreamConverter {
  /** How many partial images the image tool was asked for: the measure of progress. */
  readonly partialImages: number;

  constructor({ partialImages = 0 }: { partialImages?: number } = {}) {
    this.partialImages = partialImages;
  }

  /** `undefined` drops the citation. Its `index` is the end of what it stands behind, in UTF-16 code units. */
  async toAnnotation(citation: ResponseCitation): Promise<Annotation | undefined> {
    switch (citation.type) {
      case 'file_citation':
        return citation.filename ? toFileAnnotation(citation.filename, citation.index) : undefined;
      case 'container_file_citation':
        return citation.filename ? toFileAnnotation(citation.filename, citation.end_index) : undefined;
      case 'url_citation':
        return {
          type: 'annotation',
          source: { type: 'url', title: citation.title, url: citation.url },
          index: citation.end_index,
        };
      default:
        return undefined;
    }
  }

  /**
   * Where a client finds the image. A data URL makes large events and items: a server with a file store saves the
   * image there and gives its address. `partialIndex` counts the partial images; the finished one has none.
   */
  async base64ImageToUrl(_imageId: string, base64: string, _partialIndex?: number): Promise<string> {
    return `data:image/png;base64,${base64}`;
  }

  /** 0 to 1. */
  toProgress(partialIndex: number): number {
    return this.partialImages > 0 ? Math.min(1, partialIndex / this.partialImages) : 0;
  }
}

function toFileAnnotation(filename: string, index: number): Annotation {
  return { type: 'annotation', source: { type: 'file', title: filename, filename }, index };
}
