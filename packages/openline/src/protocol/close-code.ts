/** The close codes of [6455] 7.4.1 and of the IANA registry that follows it. */
export const CloseCode = {
  Normal: 1000,
  GoingAway: 1001,
  ProtocolError: 1002,
  UnsupportedData: 1003,
  /** Never sent: stands for a close frame without a code. */
  NoStatusReceived: 1005,
  /** Never sent: stands for an end without a close frame. */
  Abnormal: 1006,
  InvalidPayload: 1007,
  PolicyViolation: 1008,
  MessageTooBig: 1009,
  MandatoryExtension: 1010,
  InternalError: 1011,
  ServiceRestart: 1012,
  TryAgainLater: 1013,
  BadGateway: 1014,
  /** Never sent: stands for a failed TLS handshake. */
  TlsHandshake: 1015,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** Whether a close frame may carry `code`. [6455] 7.4 */
export function isWireCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}

/** Whether a program may hand `code` to `close()`. [WS] the close(code, reason) method, step 1 */
export function isApplicationCloseCode(code: number): boolean {
  return code === CloseCode.Normal || (code >= 3000 && code <= 4999);
}
