import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { t } from "../../i18n/t.ts";
import { Icon } from "./icon.tsx";

/** The browser's own modal dialog: it keeps the focus inside and closes on Escape. */
export function Dialog({ title, close, wide, children }: { title: string; close?: () => void; wide?: boolean; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // What opens a dialog to be typed into says so: by itself the browser would begin at the button that closes it.
    dialog.current?.querySelector<HTMLElement>("[data-first]")?.focus();
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
