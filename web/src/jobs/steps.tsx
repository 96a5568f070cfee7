import { texts } from "../i18n/index.ts";
import { Icon } from "../ui/icons.tsx";
import { type Phase, type Step, stepShares, steps } from "./queue.ts";
import "./steps.css";

const seedOperations = /^(generate|control|content)/;

/** Returns the names of the steps of an operation. */
function stepLabels(operation: string): Record<Step, string> {
  const words = texts("queue");
  return seedOperations.test(operation) ? words.generateSteps : words.otherSteps;
}

/**
 * The five steps of a job. `percent` is the percentage of the whole job. Narrow screens name the
 * current step only.
 */
export function Steps({
  operation,
  phase,
  percent,
  stopped = false,
  bars = true,
}: {
  operation: string;
  phase: Phase;
  percent: number;
  /** The job ended without an image: no step is marked as done. */
  stopped?: boolean;
  bars?: boolean;
}) {
  const words = texts("queue");
  const labels = stepLabels(operation);
  const shares = stepShares(phase, percent);
  return (
    <ol className={bars ? "steps" : "steps steps-plain"} aria-label={words.steps}>
      {steps.map((step, index) => {
        const current = step === phase && !stopped;
        const done = shares[step] === 1 && step !== phase && !stopped;
        return (
          <li
            key={step}
            className={`step ${done ? "step-done" : ""} ${stopped ? "step-stopped" : ""}`}
            aria-current={current ? "step" : undefined}
          >
            {bars && (
              <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect className="step-track" width="100" height="4" />
                <rect className="step-fill" width={100 * shares[step]} height="4" />
              </svg>
            )}
            <span className="step-label">
              {!bars && current && <Icon name="ring" size={14} />}
              {!bars && done && <Icon name="check" size={14} />}
              <span className="step-number">{words.stepOf(index + 1, steps.length)} · </span>
              {labels[step]}
              {done && <span className="visually-hidden"> ({words.stepDone})</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
