import { useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { t } from "../../i18n/t.ts";
import { Icon } from "./icon.tsx";

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape, and gives the focus back to what opened it. */
export function Dialog({ title, close, wide, children }: { title: string; close?: () => void; wide?: boolean; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // What opens a dialog to be typed into says so: by itself the browser would begin at the button that closes it.
    shown?.querySelector<HTMLElement>("[data-first]")?.focus();
    // Only one that is closed gives the focus back; one that is taken off the page leaves it nowhere.
    return () => shown?.close();
  }, []);
  return createPortal(
    <dialog
      ref={dialog}
      className="modal"
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        close?.();
      }}
    >
      <div className={`modal-box ${wide ? "max-w-5xl" : "max-w-xl"}`}>
        <header className="mb-3 flex items-center">
          <h2 className="text-lg font-semibold">{title}</h2>
          {close && (
            <button type="button" className="btn btn-ghost btn-sm btn-square ml-auto" aria-label={t("Close")} onClick={close}>
              <Icon name="x" />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>,
    document.body,
  );
}
