import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { say } from "../language/say.ts";
import { savePng, saveSvg } from "../share/save-picture.ts";

/** A view in its frame, with its title, a line that says how to read it, and its picture to take along. */
export function ViewPanel({
  name,
  title,
  hint,
  isWide,
  hasPicture,
  children,
}: {
  readonly name: string;
  readonly title: string;
  readonly hint?: string | undefined;
  readonly isWide?: boolean | undefined;
  /** The view is a drawing that can be saved. */
  readonly hasPicture?: boolean | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  const panel = useRef<HTMLElement>(null);
  const picture = (): SVGSVGElement | null => panel.current?.querySelector("svg") ?? null;
  return (
    <section
      ref={panel}
      class={`panel ${isWide === true ? "wide" : ""}`}
      aria-label={title}
      data-view={name}
    >
      <header>
        <h2>{title}</h2>
        {hasPicture === true && (
          <span class="tools">
            <button type="button" onClick={() => saveSvg(picture(), name)}>
              SVG
            </button>
            <button type="button" onClick={() => savePng(picture(), name)}>
              PNG
            </button>
          </span>
        )}
      </header>
      {hint !== undefined && (
        <p class="small quiet" style="margin-bottom:0.4rem">
          {hint}
        </p>
      )}
      {children}
    </section>
  );
}

/** The words of the picture buttons for those who cannot see them. */
export function pictureWords(): string {
  return say("Save as a picture", "保存为图片");
}
