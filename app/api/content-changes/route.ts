import { watchContent } from '@/lib/server/watch-content';

export const dynamic = 'force-dynamic';

/** Tells a page in development that content has changed, as server-sent events. */
export function GET(request: Request): Response {
  if (process.env.NODE_ENV !== 'development') return new Response(null, { status: 404 });
  const encoder = new TextEncoder();
  let stop = () => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode('retry: 1000\n\n'));
      stop = watchContent(() => controller.enqueue(encoder.encode('data: changed\n\n')));
      request.signal.addEventListener('abort', () => {
        stop();
        controller.close();
      });
    },
    cancel: () => stop(),
  });
  return new Response(stream, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
}
