import { localizeMessage } from "../../common/messages.js";
import { collectCauses } from "../../models/gemini/classify-failure.js";
import { GOOGLE_BASE_URL, openGemini } from "../../models/gemini/gemini-provider.js";
import { nextQuotaReset } from "../../models/rate-limit/timing.js";
import {
  arePricesStale,
  MODELS_BY_ROLE,
  PRICES_DATE,
  replaceRetiredModels,
} from "../../models/gemini/prices.js";
import { toResearchError, type ErrorCode, type ResearchError } from "../../common/errors.js";
import { collectSessionStats } from "../../storage/statistics/collect-session-stats.js";
import { allowsRemoteModels } from "../../config/environments.js";
import { isFeatureOn } from "../../config/features.js";
import type { Settings } from "../../config/settings-schema.js";
import { createCheck, failedCheck, type HealthCheck, type HealthContext } from "./check.js";

/* The key, the way to Gemini, what is left of the day, and the models: all from one free request. */

const LIMITS = "https://ai.google.dev/gemini-api/docs/rate-limits";

/** Codes that say something of the connection, and nothing of the key. */
const WAY: ReadonlySet<ErrorCode> = new Set([
  "no-network",
  "timeout",
  "overloaded",
  "bad-settings",
  "bad-answer",
  "bad-request",
]);

export async function checkGemini(on: HealthContext, settings: Settings): Promise<HealthCheck[]> {
  const { l10n, situation, signal } = on;
  const titles = { engine: l10n.t("Key"), connection: l10n.t("Connection") };
  const { value: key, from } = situation.key;
  const setKey =
    situation.editor === null
      ? l10n.t("Set GEMINI_API_KEY in the environment, or in a .env that git does not track.")
      : l10n.t("Run “Deep Research: Set API Key”.");
  if (!allowsRemoteModels(settings.environment)) {
    return [
      createCheck(on, "engine", titles.engine, {
        detail: l10n.t("offline: in the development environment no remote model is asked."),
      }),
      createCheck(on, "connection", titles.connection, {
        detail: l10n.t("Not tried: in the development environment nothing is sent to Google."),
      }),
    ];
  }
  if (key === null) {
    const isWaiting = situation.keyNotAccepted === true;
    return [
      isWaiting
        ? createCheck(on, "engine", titles.engine, {
            state: "warning",
            detail: l10n.t(
              "offline: the key in .env is not used, as you have not accepted it for this folder.",
            ),
            remedy: l10n.t("To use it: deep-research trust"),
          })
        : createCheck(on, "engine", titles.engine, {
            detail: l10n.t("offline: no key is set, so the workspace and named pages can be researched."),
            remedy: `${l10n.t("To search the web as well:")} ${setKey}`,
            helps: "set-key",
          }),
      createCheck(on, "connection", titles.connection, {
        detail: l10n.t("Not tried: without a key, nothing is sent to Google."),
      }),
    ];
  }
  const origin = {
    environment: l10n.t("GEMINI_API_KEY in the environment"),
    ".env": l10n.t("GEMINI_API_KEY in .env"),
    "secret storage": l10n.t("VS Code’s secret storage"),
  }[from];
  const { baseUrl } = situation;
  const host = new URL(baseUrl ?? GOOGLE_BASE_URL).host;
  const began = performance.now();
  let models: string[] | null = null;
  let problem: ResearchError | null = null;
  try {
    const gemini = openGemini({ key, ...(baseUrl === null ? {} : { baseUrl }), notice: () => undefined });
    models = await gemini.tryKey(signal);
  } catch (error) {
    problem = signal.aborted ? timedOut(on, host) : toResearchError(error, "no-network", host);
  }
  const took = Math.round(performance.now() - began);

  const checks: HealthCheck[] = [];
  if (problem === null) {
    checks.push(
      createCheck(on, "engine", titles.engine, {
        detail: l10n.t("gemini: the key works; it is from {0}.", origin),
      }),
    );
  } else if (WAY.has(problem.code)) {
    checks.push(
      createCheck(on, "engine", titles.engine, {
        state: "warning",
        detail: l10n.t("A key is set ({0}), but it could not be tested.", origin),
        remedy: l10n.t("See “{0}”.", titles.connection),
      }),
    );
  } else if (problem.code === "day-quota" || problem.code === "rate-limit") {
    checks.push(
      createCheck(on, "engine", titles.engine, {
        detail: l10n.t("Google accepts the key from {0}.", origin),
      }),
    );
  } else {
    checks.push({
      ...failedCheck(on, "engine", titles.engine, problem, "set-key"),
      remedy: problem.code === "billing" ? localizeMessage(problem.remedy, l10n) : setKey,
    });
  }
  checks.push(
    problem !== null && WAY.has(problem.code)
      ? createCheck(on, "connection", titles.connection, {
          state: "failed",
          ...whyNot(on, host, problem),
        })
      : createCheck(on, "connection", titles.connection, {
          detail: l10n.t("{0} answers in {1} ms.", host, took),
        }),
  );
  checks.push(await quota(on, settings, problem));
  if (models !== null) checks.push(checkModels(on, models));
  checks.push(checkPrices(on, new Date()));
  return checks;
}

function timedOut(on: HealthContext, host: string): ResearchError {
  return toResearchError(
    Object.assign(new Error(on.l10n.t("{0} did not answer in time.", host)), { code: "ETIMEDOUT" }),
    "timeout",
    host,
  );
}

/** Why an address gave nothing, told apart as far as the error tells. */
function whyNot(
  { l10n, situation }: HealthContext,
  host: string,
  problem: ResearchError,
): { detail: string; remedy: string } {
  const said = collectCauses(problem).join(" ");
  const proxy =
    situation.editor === null
      ? l10n.t("Check your connection, firewall and proxy.")
      : l10n.t("Check your connection, your firewall, and VS Code’s setting “http.proxy”.");
  if (/ENOTFOUND|EAI_AGAIN|ERR_NAME_NOT_RESOLVED/.test(said)) {
    return {
      detail: l10n.t("The host name {0} could not be resolved (DNS).", host),
      remedy: l10n.t("Check the connection and the name server; within a company, the VPN."),
    };
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|ERR_TLS|ERR_SSL/.test(said)) {
    return {
      detail: l10n.t(
        "{0} cannot be reached safely: the server’s TLS certificate is not trusted (a proxy may have replaced it).",
        host,
      ),
      remedy: l10n.t("Behind a proxy with its own certificate, set NODE_EXTRA_CA_CERTS to it."),
    };
  }
  if (/ECONNREFUSED|ERR_CONNECTION_REFUSED/.test(said)) {
    return { detail: l10n.t("{0} refuses connections.", host), remedy: proxy };
  }
  if (/ENETUNREACH|ENETDOWN|EHOSTUNREACH|ERR_INTERNET_DISCONNECTED|ERR_ADDRESS_UNREACHABLE/.test(said)) {
    return { detail: l10n.t("Cannot reach {0}: the network is down.", host), remedy: proxy };
  }
  if (problem.code === "timeout" || /TIMEOUT|ETIMEDOUT/i.test(said)) {
    return { detail: l10n.t("{0} did not answer in time.", host), remedy: proxy };
  }
  if (/ECONNRESET|UND_ERR_SOCKET|EPIPE/.test(said)) {
    return { detail: l10n.t("{0} closed the connection.", host), remedy: proxy };
  }
  return {
    detail: `${host}: ${localizeMessage(problem.what, l10n)}`,
    remedy: localizeMessage(problem.remedy, l10n) || proxy,
  };
}

/** What is known of the day: Google tells that it is used up, and nothing before. */
async function quota(
  on: HealthContext,
  settings: Settings,
  problem: ResearchError | null,
): Promise<HealthCheck> {
  const { l10n, signal, situation } = on;
  const title = l10n.t("Quota");
  const renewed = nextQuotaReset(new Date());
  const day = new Date(renewed.getTime() - 24 * 60 * 60 * 1000).toISOString();
  const since = day.slice(0, 10).replaceAll("-", "");
  const sessions =
    situation.workspace === null || !isFeatureOn("statistics", settings)
      ? []
      : await collectSessionStats(settings.sessionStoragePath, signal, since).catch(() => []);
  const calls = sessions
    .flatMap(({ steps }) => steps)
    .filter(({ at, by }) => at >= day && by.startsWith("gemini")).length;
  const usedUp =
    problem?.code === "day-quota" ||
    sessions.some(({ failures }) => failures.some(({ what, at }) => what === "day-quota" && at >= day));
  if (usedUp) {
    return createCheck(on, "quota", title, {
      state: problem?.code === "day-quota" ? "failed" : "warning",
      detail: l10n.t("The daily quota was used up today for at least one model."),
      remedy: l10n.t(
        "The quota resets at {0}. Until then, research offline, or use a key with billing. See Google’s limits: {1}",
        renewed.toISOString().slice(0, 16).replace("T", " ") + " UTC",
        LIMITS,
      ),
    });
  }
  if (problem?.code === "rate-limit") {
    return createCheck(on, "quota", title, {
      state: "warning",
      detail: l10n.t("Rate limit reached."),
      remedy: l10n.t("Wait a minute. See Google’s limits: {0}", LIMITS),
    });
  }
  return createCheck(on, "quota", title, {
    detail:
      calls === 1
        ? l10n.t(
            "One call was made from here today. Google does not report the remaining quota; the free tier allows about 20 calls a day.",
          )
        : l10n.t(
            "{0} calls were made from here today. Google does not report the remaining quota; the free tier allows about 20 calls a day.",
            calls,
          ),
  });
}

/** Whether the models that are asked are still there, and who answers for one that is not. */
function checkModels(on: HealthContext, there: string[]): HealthCheck {
  const { l10n } = on;
  const title = l10n.t("Models");
  const names = new Set(there);
  const chains = [MODELS_BY_ROLE.think, MODELS_BY_ROLE.read].map(
    (models) => replaceRetiredModels(models, new Date()).models,
  );
  const asked = [...new Set(chains.flat())];
  const missing = asked.filter((model) => !names.has(model));
  if (missing.length === 0) {
    return createCheck(on, "models", title, { detail: l10n.t("The key can use {0}.", asked.join(", ")) });
  }
  const roles = chains.map((models) => models.filter((model) => names.has(model)));
  const isOver = roles.some((models) => models.length === 0);
  const instead = [...new Set(roles.flatMap(([first]) => first ?? []))];
  return createCheck(on, "models", title, {
    state: isOver ? "failed" : "warning",
    detail: isOver
      ? l10n.t("The key cannot use {0}, and there is no other model to use instead.", missing.join(", "))
      : l10n.t("The key cannot use {0}; {1} is used instead.", missing.join(", "), instead.join(", ")),
    remedy: l10n.t("Google retires models over time; update Deep Research to get new ones."),
  });
}

/** The date of the prices that costs are computed with. */
export function checkPrices(on: HealthContext, now: Date): HealthCheck {
  const { l10n } = on;
  const title = l10n.t("Prices");
  if (!arePricesStale(now)) {
    return createCheck(on, "prices", title, {
      detail: l10n.t("Costs are counted by the prices of {0}.", PRICES_DATE),
    });
  }
  return createCheck(on, "prices", title, {
    state: "warning",
    detail: l10n.t("Costs are counted by the prices of {0}, which may have changed.", PRICES_DATE),
    remedy: l10n.t("Update Deep Research, and look at Google’s bill."),
  });
}
