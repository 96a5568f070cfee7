import { useRef } from "react";

interface Answered {
  data: unknown;
  refetch: (options: { cancelRefetch: boolean }) => unknown;
}

/**
 * Returns what a page calls when the address of a picture expired. However many pictures of an answer
 * expired, the answer is read again once.
 */
export function useRenewal({ data, refetch }: Answered): () => void {
  const renewed = useRef<unknown>(undefined);
  return () => {
    if (renewed.current === data) return;
    renewed.current = data;
    void refetch({ cancelRefetch: false });
  };
}
