import { type ComponentType, createElement, lazy, Suspense } from "react";

const AGAIN_MS = 2000;

/** A part whose code is fetched when it is first shown: the page is there sooner without it. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const Loaded = lazy(async () => ({ default: await patiently(load) }));
  return (props: P) => <Suspense fallback={null}>{createElement(Loaded as ComponentType<P>, props)}</Suspense>;
}

/** Without a connection the part is missing for a while; an error would take the whole editor away, and unsaved work with it. */
async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((again) => setTimeout(again, AGAIN_MS));
    }
  }
}
