import { createContext, useContext } from "react";
import type { Against, ComparisonApi } from "../model/comparison.ts";
import type { Ratings } from "../model/ratings.ts";

/** What the parts that ask for an opinion need of the page that places them: the editor, or any other. */
export interface Opinion {
  ratings: Ratings;
  comparisons: ComparisonApi;
  /** Answers so from now on, where the flow looks things up. */
  keep?: ((run: string, answer: string) => Promise<unknown>) | undefined;
  /** Where two models or versions may be compared: what there is of each. */
  choices: Partial<Record<keyof Against, () => Promise<Record<string, unknown>[]>>>;
}

export const OpinionContext = createContext<Opinion | null>(null);

export function useOpinion(): Opinion {
  const opinion = useContext(OpinionContext);
  if (!opinion) throw new Error("This part stands where nobody is asked for an opinion.");
  return opinion;
}
