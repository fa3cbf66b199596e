/** Properties that a drawing takes from the page's style sheet. */
const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "font-size",
  "font-weight",
  "font-family",
  "text-anchor",
] as const;

const MARGIN_PX = 12;
/** Pixels of a PNG for each pixel of the page. */
const PNG_SCALE = 2;

/** The drawing as a file of its own: whatever the page's style gave it is written into it. */
export function pictureOf(svg: SVGSVGElement): { text: string; width: number; height: number } {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  copies.forEach((element, at) => {
    const original = originals[at];
    if (original === undefined) return;
    const style = getComputedStyle(original);
    for (const property of STYLES) {
      element.setAttribute(property, style.getPropertyValue(property));
    }
    for (const name of ["class", "style", "tabindex", "role", "data-member", "data-message"]) {
      element.removeAttribute(name);
    }
  });
  const box = svg.viewBox.baseVal;
  const [width, height] = [box.width + 2 * MARGIN_PX, box.height + 2 * MARGIN_PX];
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `${box.x - MARGIN_PX} ${box.y - MARGIN_PX} ${width} ${height}`);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const back = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  back.setAttribute("x", String(box.x - MARGIN_PX));
  back.setAttribute("y", String(box.y - MARGIN_PX));
  back.setAttribute("width", String(width));
  back.setAttribute("height", String(height));
  back.setAttribute("fill", getComputedStyle(document.body).getPropertyValue("background-color"));
  copy.insertBefore(back, copy.firstChild);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

export function saveSvg(svg: SVGSVGElement | null, name: string): void {
  if (svg === null) return;
  saveFile(new Blob([pictureOf(svg).text], { type: "image/svg+xml" }), `quorate-${name}.svg`);
}

export function savePng(svg: SVGSVGElement | null, name: string): void {
  if (svg === null) return;
  const { text, width, height } = pictureOf(svg);
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = width * PNG_SCALE;
    canvas.height = height * PNG_SCALE;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => {
      if (blob !== null) saveFile(blob, `quorate-${name}.png`);
    }, "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
