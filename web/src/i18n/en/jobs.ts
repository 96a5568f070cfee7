const texts = {
  title: "Jobs",
  create: "Create",
  all: "All",
  open: "Open",
  finished: "Finished",
  failed: "Failed",
  filter: "State",
  job: "Job",
  started: "Started",
  status: "Status",
  images: "Images",
  cost: "Cost",
  imagesDone: (done: number, total: number) => `${done} of ${total}`,
  costUnknown: "unknown",
  emptyTitle: "No jobs yet",
  empty: "A job makes one or more images. Start one from a prompt, an article or a table.",
};

export default texts;
