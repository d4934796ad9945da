// Shapes shared by the islands.

/** A unit an item is sold in; `price` is its own price, if it has one. */
interface Uom {
  id: number | string;
  name: string;
  price?: string;
}

/** What the server says about an item: an option of the typeahead or an answer of resolve. */
interface ItemAnswer {
  id: string;
  code: string;
  name: string;
  spec: string;
  uoms: Uom[];
  uom?: string;
  price: string;
  why: string;
  last: string;
  available: string;
  tone: string;
  tax: string;
}

/** htmx's request context as we use it. */
interface HtmxContext {
  sourceElement: HTMLElement;
  text?: string;
  request: { headers: Record<string, string>; body: FormData; method: string; submitter?: HTMLElement };
  response?: { status: number };
}
