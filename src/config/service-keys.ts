/*
 * Keys of services that are searched. They come from the user's own environment or VS Code's secret storage, never from
 * a workspace, and go to their service alone, in a header.
 */

/** The services that take a key, with the name of its environment variable and the service's name for people. */
export const SERVICE_KEYS = {
  github: { env: "RESEARCH_GITHUB_TOKEN", label: "GitHub" },
  tavily: { env: "TAVILY_API_KEY", label: "Tavily" },
  brave: { env: "BRAVE_API_KEY", label: "Brave Search" },
  exa: { env: "EXA_API_KEY", label: "Exa" },
  serper: { env: "SERPER_API_KEY", label: "Serper" },
} as const satisfies Record<string, { env: string; label: string }>;

export type ServiceKeyName = keyof typeof SERVICE_KEYS;
export const SERVICE_KEY_NAMES = Object.keys(SERVICE_KEYS) as ServiceKeyName[];

/** The keys that are set. */
export type ServiceKeys = Partial<Record<ServiceKeyName, string>>;

/** Reads the keys of the user's own environment. */
export function readServiceKeys(own: Record<string, string | undefined>): ServiceKeys {
  return Object.fromEntries(
    SERVICE_KEY_NAMES.flatMap((name) => {
      const key = own[SERVICE_KEYS[name].env]?.trim() ?? "";
      return key === "" ? [] : [[name, key]];
    }),
  );
}
