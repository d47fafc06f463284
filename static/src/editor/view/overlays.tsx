import { later } from "./later.tsx";
import { useSession, useStore } from "./session.tsx";

const QuickAdd = later(async () => (await import("./quick_add.tsx")).QuickAdd);
const ContextMenu = later(async () => (await import("./context_menu.tsx")).ContextMenu);
const CommandPalette = later(async () => (await import("./command_palette.tsx")).CommandPalette);
const KeySheet = later(async () => (await import("./key_sheet.tsx")).KeySheet);
const FindBox = later(async () => (await import("./find_box.tsx")).FindBox);
const VersionsDialog = later(async () => (await import("./versions/versions_dialog.tsx")).VersionsDialog);
const ShareDialog = later(async () => (await import("./share_dialog.tsx")).ShareDialog);
const DescribeDialog = later(async () => (await import("./describing/describe_dialog.tsx")).DescribeDialog);
const ConnectDialog = later(async () => (await import("./connect_dialog.tsx")).ConnectDialog);

/** What lies over the canvas; fetched when it is first asked for. */
export function Overlays() {
  const { overlay } = useSession();
  const shown = useStore(overlay);
  const close = (): void => {
    if (overlay.value === shown) overlay.set(null);
  };
  switch (shown?.kind) {
    case "add":
      return <QuickAdd key={`${shown.at.x} ${shown.at.y} ${shown.into}`} request={shown} close={close} />;
    case "menu":
      return <ContextMenu key={`${shown.at.x} ${shown.at.y}`} at={shown.at} place={shown.place} close={close} />;
    case "connect":
      return <ConnectDialog node={shown.node} close={close} />;
    case "commands":
      return <CommandPalette close={close} />;
    case "keys":
      return <KeySheet close={close} />;
    case "find":
      return <FindBox close={close} />;
    case "versions":
      return <VersionsDialog close={close} />;
    case "share":
      return <ShareDialog close={close} />;
    case "describe":
      return <DescribeDialog words={shown.words} close={close} />;
    default:
      return null;
  }
}
