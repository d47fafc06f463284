import type { ComponentType } from "react";
import { later } from "../later.tsx";
import { useSession, useStore } from "../session.tsx";

const Others = later(async () => (await import("./others.tsx")).Others);
const People = later(async () => (await import("./people.tsx")).People);

export function OthersHere() {
  return <WhenSomebodyIs of={Others} />;
}

export function PeopleHere() {
  return <WhenSomebodyIs of={People} />;
}

/** Who works alone fetches none of it. */
function WhenSomebodyIs({ of: Part }: { of: ComponentType }) {
  const others = useStore(useSession().room.others);
  return others.length > 0 && <Part />;
}
