import type { Step } from "../../jobs/queue.ts";

const images = (count: number) => `${count} ${count === 1 ? "image" : "images"}`;

/** Texts about a job that runs: the queue dialog, the steps, what waits and what may be done. */
const texts = {
  title: "Generate Images",
  progressOf: (label: string) => `Progress of ${label}`,
  doneOf: (done: number, total: number) => `${done} of ${total}`,
  ordering: "Sending the order",
  sequence: "Images are made one after another. Minimise to keep working; the run goes on.",
  cancelWaiting: "Cancel waiting",
  cancelling: "Cancelling",
  minimise: "Minimise",
  retryFailed: (count: number) => `Retry ${images(count)}`,
  retryUnknown: (count: number) => `Retry ${count} unknown`,
  retryOrder: "Order again",
  retrying: "Starting again",
  unknownWarning:
    "The provider's answer was lost, so unknown images may have been paid. To make them again may cost twice.",
  success: (count: number | null) =>
    count === null
      ? "Images generated successfully"
      : `${count} ${count === 1 ? "image" : "images"} generated successfully`,
  summary: (completed: number, failed: number, total: number) =>
    `${completed} completed, ${failed} failed of ${total}`,
  others: {
    unknown: (count: number) => `${count} unknown`,
    cancelled: (count: number) => `${count} cancelled`,
    skipped: (count: number) => `${count} skipped`,
  },
  refused: "The order was refused. Nothing was started and nothing charged.",
  steps: "Steps",
  stepOf: (step: number, total: number) => `Step ${step} of ${total}`,
  stepDone: "done",
  generateSteps: {
    INIT: "Validating image prompts",
    PREP: "Preparing image generation queue",
    AI_CALL: "Generating images with AI",
    PARSE: "Processing image URLs",
    SAVE: "Saving image URLs",
  } as Record<Step, string>,
  otherSteps: {
    INIT: "Checking the order",
    PREP: "Preparing the images",
    AI_CALL: "Making the images",
    PARSE: "Processing the images",
    SAVE: "Saving the images",
  } as Record<Step, string>,
  waiting: (reason: string, seconds: string) => `${reason} Next try in ${seconds}.`,
  waitingNow: (reason: string) => `${reason} Trying again now.`,
  reasons: {
    breaker_open: (provider: string) => `Calls to ${provider} have been failing.`,
    rate_limit: (provider: string) => `The rate limit at ${provider} is reached.`,
    provider_pending: (provider: string) => `${provider} still works on the result.`,
    provider_throttled: (provider: string) => `${provider} asked for a pause.`,
    provider_unavailable: (provider: string) => `${provider} is not available at present.`,
  },
};

export default texts;
