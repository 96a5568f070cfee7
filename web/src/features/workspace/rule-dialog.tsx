import { useState } from "react";
import { includesRole } from "../../api/roles.ts";
import { texts } from "../../i18n/index.ts";
import { microsOf, priceText } from "../../money.ts";
import { useMe } from "../../shell/queries.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";
import { Field } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { useFolderActions, useRecipes, useRulePrice } from "./queries.ts";

function RulePrice({ recipeId, sample }: { recipeId: string; sample: string | null }) {
  const words = texts("workspace");
  const price = useRulePrice(recipeId, sample);
  const amount = price.data?.total.amount;
  if (price.error) return <ProblemBanner error={price.error} />;
  if (!amount) return null;
  return (
    <p className="muted">
      {microsOf(amount) === 0n ? words.ruleFree : words.rulePrice(priceText(amount))}
    </p>
  );
}

/** Chooses the recipe that runs with each new photo of a SKU. */
export function RuleDialog({
  sku,
  current,
  sample,
  onClose,
}: {
  sku: string;
  current: string;
  /** A photo of the SKU; the price of a recipe is asked with it. */
  sample: string | null;
  onClose: () => void;
}) {
  const words = texts("workspace");
  const me = useMe().data;
  const recipes = useRecipes();
  const { rule } = useFolderActions(sku);
  const [chosen, setChosen] = useState(current);
  const allowed = me !== undefined && includesRole(me.role, "manager");
  const recipe = recipes.data?.find((one) => one.id === chosen);
  const operation = recipe?.job.operation;

  function save(): void {
    rule.mutate(chosen || null, {
      onSuccess: () => {
        toast(words.ruleSaved);
        onClose();
      },
    });
  }

  return (
    <Dialog
      title={words.ruleTitle}
      context={sku}
      icon="bolt"
      onClose={onClose}
      footer={
        <Button
          kind="primary"
          disabled={!allowed || chosen === current}
          busy={rule.isPending ? words.ruleSaving : undefined}
          onClick={save}
        >
          {words.ruleSave}
        </Button>
      }
    >
      <div className="workspace-rule">
        {recipes.error && (
          <ProblemBanner error={recipes.error} onRetry={() => void recipes.refetch()} />
        )}
        {recipes.isPending && <LoadingSkeleton rows={1} height={56} />}
        {recipes.data && (
          <Field label={words.ruleRecipe} hint={words.ruleHint}>
            {(control) => (
              <select
                {...control}
                className="input"
                value={chosen}
                disabled={!allowed}
                onChange={(event) => setChosen(event.target.value)}
              >
                <option value="">{words.ruleOff}</option>
                {recipes.data.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.title ?? one.id}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {recipes.data?.length === 0 && <p className="muted">{words.ruleNoRecipes}</p>}
        {typeof operation === "string" && <p>{words.ruleOperation(operation)}</p>}
        {chosen !== "" && <RulePrice recipeId={chosen} sample={sample} />}
        {me && !allowed && <p className="muted">{words.ruleRole}</p>}
        {rule.error && <ProblemBanner error={rule.error} />}
      </div>
    </Dialog>
  );
}
