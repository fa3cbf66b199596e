import { BIT_ROT, FAILED_SYNC, FULL_DISK, POWER_LOSS, TORN_WRITE } from "./disk-stories.ts";
import type { NodeStory } from "./node-story.ts";

/** The stories of whole nodes, in the order in which they are best read. */
export const NODE_STORIES: readonly NodeStory[] = [
  POWER_LOSS,
  TORN_WRITE,
  FULL_DISK,
  FAILED_SYNC,
  BIT_ROT,
];

/** Stands before the name of a story in the fragment of a link. */
const LINK_PREFIX = "n1.s.";

/** The story of whole nodes of that name, undefined when there is none. */
export function findNodeStory(id: string): NodeStory | undefined {
  return NODE_STORIES.find((story) => story.id === id);
}

/** The story as text for the fragment of a link. */
export function encodeNodeStory(story: NodeStory): string {
  return `${LINK_PREFIX}${story.id}`;
}

/** The story that the fragment of a link names, undefined when it names none. */
export function decodeNodeStory(fragment: string): NodeStory | undefined {
  const text = fragment.replace(/^#/, "");
  return text.startsWith(LINK_PREFIX) ? findNodeStory(text.slice(LINK_PREFIX.length)) : undefined;
}
