/** Prices and costs of tables and batches. What is not known is said so, never shown as zero. */
import type { Batch, BatchImport, BatchProgress } from "../../api/batches.ts";
import { texts } from "../../i18n/index.ts";
import { priceText } from "../../money.ts";
import { priceKind } from "./counts.ts";

export function CostOfBatch({ batch }: { batch: Pick<Batch | BatchProgress, "cost"> }) {
  const words = texts("batch");
  const { amount, unknown_entries } = batch.cost;
  return (
    <>
      {amount !== null && priceText(amount)}
      {unknown_entries > 0 && (
        <>
          {" "}
          <span className="hatched">{words.unknownCost}</span>
        </>
      )}
    </>
  );
}

export function PriceOfTable({ table }: { table: Pick<BatchImport, "estimate"> }) {
  const words = texts("batch");
  const { amount, unknown_images } = table.estimate;
  const kind = priceKind(table.estimate);
  return (
    <>
      {kind !== "unknown" && amount !== null && priceText(amount)}
      {unknown_images > 0 && (
        <>
          {" "}
          <span className="hatched">{words.unknownImages(unknown_images)}</span>
        </>
      )}
    </>
  );
}
