import { useState } from "react";
import { t } from "../../../i18n/t.ts";
import type { Version } from "../../model/api.ts";
import { messageOf } from "../../model/session.ts";
import { useSession } from "../session.tsx";

/** What a version is called and what is said of it; both may be changed, its graph never. */
export function VersionWords({ version, saved }: { version: Version; saved: () => void }) {
  const session = useSession();
  const [name, setName] = useState(version.name);
  const [note, setNote] = useState(version.note);
  const same = name === version.name && note === version.note;
  const save = async (): Promise<void> => {
    try {
      await session.api.nameVersion(version.number, { name, note });
      saved();
    } catch (error) {
      session.say(messageOf(error), "error");
    }
  };
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label className="field">
        <span className="field-name">{t("Name of version {number}", { number: version.number })}</span>
        <input className="input input-sm" maxLength={80} readOnly={!session.canEdit} data-testid="version-name" value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <label className="field flex-1">
        <span className="field-name">{t("What is new in it")}</span>
        <input className="input input-sm w-full" maxLength={2000} readOnly={!session.canEdit} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      {session.canEdit && (
        <button type="submit" className="btn btn-sm" data-testid="version-save" disabled={same}>
          {t("Keep")}
        </button>
      )}
      <p className="w-full text-xs opacity-75">
        {new Date(version.created_at).toLocaleString()} {version.person && `· ${version.person}`}
      </p>
    </form>
  );
}
