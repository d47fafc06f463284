/** A symbol of the sprite; `bin/build` puts in those that are named in the sources and by nodes. */
export function Icon({ name, className = "" }: { name: string; className?: string }) {
  return (
    <svg className={`icon ${className}`} aria-hidden="true">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}

const sprite = document.getElementById("editor")?.dataset.icons ?? "";
