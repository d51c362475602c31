/** What adapters of endpoints without ids put where one belongs. */
const CONSTANT_IDS = new Set(['__fake_id__', 'FAKE_ID']);

/** Whether an id of a model endpoint names one thing. */
export function isOwnId(id: string | undefined): id is string {
  return !!id && !CONSTANT_IDS.has(id);
}

/** Ids of output items: the endpoint's where it names one item, else one of ours, the same for all events of it. */
export class ItemIds {
  readonly #makeId: () => string;
  readonly #ids = new Map<string, string>();

  constructor(makeId: () => string) {
    this.#makeId = makeId;
  }

  /** For an item that begins: an id that an earlier item has is of no use either. */
  begin(id: string | undefined, outputIndex: number): string {
    const key = keyOf(id, outputIndex);
    const own = isOwnId(id) && !this.#ids.has(key) ? id : this.#makeId();
    this.#ids.set(key, own);
    return own;
  }

  of(id: string | undefined, outputIndex: number): string {
    return this.#ids.get(keyOf(id, outputIndex)) ?? this.begin(id, outputIndex);
  }
}

function keyOf(id: string | undefined, outputIndex: number): string {
  return isOwnId(id) ? id : `#${outputIndex}`;
}
