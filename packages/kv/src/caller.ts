/**
 * On whose behalf a request runs. Absent means anonymous, which is enough as long as authentication is off. `system`
 * is the group itself (lease expiry, alarms) and may do everything; never derive it from anything a client sent.
 */
export type Caller =
  | {
      readonly kind: "user";
      readonly name: string;
      /** The auth revision the identity was proven at; an older one than the store's is refused as `authOldRevision`. */
      readonly authRevision: number;
    }
  | { readonly kind: "system" };

/** The group itself. */
export const SYSTEM_CALLER: Caller = { kind: "system" };
