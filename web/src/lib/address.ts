/** Only addresses of this server and of the web: never "javascript:". */
export function safeAddress(url: string | null | undefined): string | undefined {
  return url && (/^https?:\/\//.test(url) || url.startsWith("/")) ? url : undefined;
}
