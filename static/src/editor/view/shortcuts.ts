import { useReactFlow } from "@xyflow/react";
import { useEffect } from "react";
import type { RefObject } from "react";
import { copy, paste } from "../model/clipboard.ts";
import { remove } from "../model/edits.ts";
import type { Point } from "../model/graph.ts";
import type { Session } from "../model/session.ts";
import { useSession } from "./session.tsx";

/** Keys and the system clipboard, wherever the focus is but in a field: fields keep the browser's own. */
export function useShortcuts(pointer: RefObject<Point>): void {
  const session = useSession();
  const flow = useReactFlow();

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const command = event.ctrlKey || event.metaKey;
      if (command && event.key === "s") {
        event.preventDefault();
        void session.save.flush();
        return;
      }
      if (inField(event.target) || document.querySelector("dialog[open]")) return;
      const key = event.key.toLowerCase();
      const act = (work: () => void): void => {
        event.preventDefault();
        work();
      };
      if (event.key === "/" && !command) act(() => document.querySelector<HTMLInputElement>("[data-palette-search]")?.focus());
      else if (event.shiftKey && event.code === "Digit1") act(() => void flow.fitView({ duration: 250, maxZoom: 1.2, padding: 0.15 }));
      else if (event.shiftKey && event.code === "Digit2") act(() => void flow.fitView({ duration: 250, maxZoom: 1.2, padding: 0.3, nodes: [...session.selection.value].map((id) => ({ id })) }));
      else if (command && key === "a") act(() => selectAll(session));
      else if (!session.canEdit) return;
      else if (command && key === "z") act(() => (event.shiftKey ? session.document.redo() : session.document.undo()));
      else if (command && key === "y") act(() => session.document.redo());
      else if (command && key === "d") act(() => duplicate(session));
      else if (event.key === "Delete" || event.key === "Backspace") act(() => removeSelection(session));
    };
    const onCopy = (event: ClipboardEvent): void => {
      const text = inField(event.target) || chosenText() ? "" : copy(session.document.graph, session.selection.value);
      if (!text) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut" && session.canEdit) removeSelection(session);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (inField(event.target) || !session.canEdit) return;
      const at = flow.screenToFlowPosition(pointer.current ?? { x: 0, y: 0 });
      const pasted = paste(session.document.graph, event.clipboardData?.getData("text/plain") ?? "", at);
      if (!pasted) return;
      event.preventDefault();
      session.document.commit(pasted.graph);
      session.select(...pasted.ids);
    };
    window.addEventListener("keydown", onKey);
    document.addEventListener("copy", onCopy);
    document.addEventListener("cut", onCopy);
    document.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKey);
      document.removeEventListener("copy", onCopy);
      document.removeEventListener("cut", onCopy);
      document.removeEventListener("paste", onPaste);
    };
  }, [session, flow, pointer]);
}

export function removeSelection(session: Session): void {
  if (!session.selection.value.size) return;
  session.document.commit(remove(session.document.graph, session.selection.value));
  session.select();
}

export function duplicate(session: Session): void {
  const { graph } = session.document;
  const chosen = [...graph.nodes, ...graph.notes].filter((item) => session.selection.value.has(item.id));
  if (!chosen.length) return;
  const xs = chosen.map((item) => item.position.x);
  const ys = chosen.map((item) => item.position.y);
  const at = { x: (Math.min(...xs) + Math.max(...xs)) / 2 + 40, y: (Math.min(...ys) + Math.max(...ys)) / 2 + 56 };
  const pasted = paste(graph, copy(graph, session.selection.value), at);
  if (!pasted) return;
  session.document.commit(pasted.graph);
  session.select(...pasted.ids);
}

function selectAll(session: Session): void {
  const { nodes, wires, notes } = session.document.graph;
  session.select(...[...nodes, ...wires, ...notes].map((item) => item.id));
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

function chosenText(): boolean {
  return !(window.getSelection()?.isCollapsed ?? true);
}
