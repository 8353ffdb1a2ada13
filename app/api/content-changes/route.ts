import { revalidatePath } from 'next/cache';
import { hasContentChanged } from '@/lib/server/content-stamp';
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

/**
 * Looks at the content now: if a file has changed, every page is made anew at its next visit. The server's start calls it,
 * since the build did not know the folders of CONTENT_DIRS; whoever has copied new lessons to a server may call it. It
 * tells nothing and, without a change, does nothing.
 */
export async function POST(): Promise<Response> {
  const changed = await hasContentChanged();
  if (changed) revalidatePath('/', 'layout');
  return Response.json({ changed });
}
