import { useQuery } from "@tanstack/react-query";
import { enhancePrompt } from "../../api/studio.ts";
import { shell, texts } from "../../i18n/index.ts";
import { useApi } from "../../studio.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { LoadingSkeleton, ProblemBanner } from "../../ui/feedback.tsx";

/** Shows a prompt before and after its enhancement, with the added words marked. */
export function EnhanceDialog({
  prompt,
  personaId,
  onUse,
  onClose,
}: {
  prompt: string;
  personaId: string;
  onUse: (prompt: string) => void;
  onClose: () => void;
}) {
  const words = texts("create");
  const api = useApi();
  const enhanced = useQuery({
    queryKey: ["enhanced", prompt, personaId],
    queryFn: () => enhancePrompt(api, prompt, personaId || null),
    staleTime: 300_000,
  });
  const result = enhanced.data;
  const start = result?.enhanced.startsWith(result.original) ? result.original.length : 0;
  return (
    <Dialog
      title={words.enhance}
      icon="sparkle"
      onClose={onClose}
      footer={
        <>
          <Button kind="fill" onClick={onClose}>
            {shell.parts.cancel}
          </Button>
          <Button
            kind="primary"
            disabled={!result || result.added.length === 0}
            onClick={() => result && onUse(result.enhanced)}
          >
            {words.usePrompt}
          </Button>
        </>
      }
    >
      {enhanced.isPending && <LoadingSkeleton rows={2} height={72} />}
      {enhanced.error && (
        <ProblemBanner error={enhanced.error} onRetry={() => void enhanced.refetch()} />
      )}
      {result && (
        <div className="create-enhanced">
          <div>
            <h3 className="meta">{words.before}</h3>
            <p>{result.original}</p>
          </div>
          <div>
            <h3 className="meta">{words.after}</h3>
            {result.added.length === 0 ? (
              <p className="muted">{words.nothingAdded}</p>
            ) : (
              <p>
                {result.enhanced.slice(0, start)}
                <ins>{result.enhanced.slice(start)}</ins>
              </p>
            )}
          </div>
        </div>
      )}
    </Dialog>
  );
}
