/** Apart from the rest of the page: the first load does without it. */
export { decodeStage, stageFromFile } from "@quorate/sim";
