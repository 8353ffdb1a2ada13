import type { Process, Wait } from '../../os/index.ts';
import { type Json, renderJson } from './json.ts';

export type Color = 'ifname' | 'mac' | 'inet' | 'inet6' | 'up' | 'down';

/** iproute2's palette for light backgrounds (lib/color.c). */
const COLOR_CODE: Readonly<Record<Color, number>> = { ifname: 36, mac: 33, inet: 35, inet6: 34, up: 32, down: 31 };

type Container = { readonly value: Json[] | { [key: string]: Json } };

/**
 * What a command of iproute2 prints. Each fact is said once, with its key for JSON and its text for people; one of the
 * two is printed. `-o` joins the lines of one object with a backslash.
 */
export class Output {
  readonly isJson: boolean;
  #text = '';
  #errors: string[] = [];
  #root: Json[] | undefined;
  #open: Container[] = [];

  constructor(private readonly style: { json: boolean; pretty: boolean; oneline: boolean; color: boolean }) {
    this.isJson = style.json;
  }

  /** A fact for both forms. */
  fact(key: string, value: Json, text: string, color?: Color): void {
    if (this.isJson) this.json(key, value);
    else this.text(text, color);
  }

  text(text: string, color?: Color): void {
    if (this.isJson) return;
    this.#text += color !== undefined && this.style.color ? `\u001b[${COLOR_CODE[color]}m${text}\u001b[0m` : text;
  }

  /** The end of a line inside an object. */
  newline(): void {
    this.text(this.style.oneline ? '\\' : '\n');
  }

  json(key: string, value: Json): void {
    if (!this.isJson) return;
    const inside = this.#open.at(-1)?.value;
    if (inside !== undefined && !Array.isArray(inside)) inside[key] = value;
  }

  /** Everything between `open…` and `close` lies in an array or object; a key is given inside an object. */
  openObject(key?: string): void {
    this.#begin({}, key);
  }

  openArray(key?: string): void {
    this.#begin([], key);
  }

  close(): void {
    if (this.isJson) this.#open.pop();
  }

  /** An element of the open array. */
  element(value: Json): void {
    const inside = this.#open.at(-1)?.value;
    if (this.isJson && Array.isArray(inside)) inside.push(value);
  }

  /** The whole output is one JSON array, also when it is empty. */
  begin(): void {
    if (!this.isJson) return;
    this.#root = [];
    this.#open = [{ value: this.#root }];
  }

  error(text: string): void {
    this.#errors.push(text);
  }

  /** Hands over what was printed so far: errors first, as they are not buffered by the real tool. */
  *flush(process: Process): Generator<Wait, void, void> {
    const errors = this.#errors.join('');
    const text = this.#text + (this.#root === undefined ? '' : renderJson(this.#root, this.style.pretty));
    this.#errors = [];
    this.#text = '';
    this.#root = undefined;
    this.#open = [];
    if (errors !== '') yield* process.printError(errors);
    if (text !== '') yield* process.print(text);
  }

  #begin(value: Json[] | { [key: string]: Json }, key: string | undefined): void {
    if (!this.isJson) return;
    if (key === undefined) this.element(value);
    else this.json(key, value);
    this.#open.push({ value });
  }
}
