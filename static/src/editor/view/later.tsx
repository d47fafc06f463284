import { type ComponentType, createElement, lazy, Suspense } from "react";

/** A part whose code is fetched when it is first shown: the page is there sooner without it. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const Loaded = lazy(async () => ({ default: await load() }));
  return (props: P) => <Suspense fallback={null}>{createElement(Loaded as ComponentType<P>, props)}</Suspense>;
}
