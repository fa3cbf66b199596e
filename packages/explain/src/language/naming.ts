import type { MemberId } from "@quorate/core";

/** What people call a member. Without one, members are called by their number. */
export type MemberNaming = (member: MemberId) => string;
