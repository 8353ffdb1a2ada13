/** What pcap_compile(3PCAP) says of an expression that it cannot compile. */
export class FilterError extends Error {
  override name = 'FilterError';
}

/** A primitive that libpcap compiles and this compiler does not. */
export class FilterNotSimulated extends Error {
  override name = 'FilterNotSimulated';
}

export const SYNTAX_ERROR = "can't parse filter expression: syntax error";
