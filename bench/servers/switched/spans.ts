import { BatchSpanProcessor } from "@opentelemetry/sdk-trace";

const processors = new Set<BatchSpanProcessor>();
const { onEnd } = BatchSpanProcessor.prototype;

BatchSpanProcessor.prototype.onEnd = function (this: BatchSpanProcessor, span) {
  processors.add(this);
  onEnd.call(this, span);
};

/** Resolves when the collector has all spans that have ended. */
export async function sendSpans(): Promise<void> {
  await Promise.all([...processors].map((processor) => processor.forceFlush()));
}
