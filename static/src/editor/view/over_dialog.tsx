import { t } from "../../i18n/t.ts";
import { Dialog } from "./dialog.tsx";

/** Said at once where the flow was deleted, or the right to see it taken away. */
export function OverDialog() {
  return (
    <Dialog title={t("This flow is not yours to see any more")}>
      <p className="text-sm" data-testid="flow-over">
        {t("It was deleted, or who shared it ended that. What was not saved before is not kept.")}
      </p>
      <a className="btn btn-sm mt-4" href="/">
        {t("Go on")}
      </a>
    </Dialog>
  );
}
