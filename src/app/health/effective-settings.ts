import { localizeMessage } from "../../common/messages.js";
import type { EnvironmentName } from "../../config/environments.js";
import { FEATURE_NAMES, FEATURES, isFeatureOn, type FeatureName } from "../../config/features.js";
import type { InspectedSettings } from "../../config/load-settings.js";
import { SETTING_NAMES, type SettingName } from "../../config/settings-schema.js";
import { createCheck, type HealthCheck, type HealthContext } from "./check.js";

/* What holds here: the environment, each setting with its source, and which features are on. */

/** A setting that holds, and where it is from. */
export interface EffectiveSetting {
  name: SettingName;
  /** As JSON writes it. */
  value: string;
  /** The variable, file or setting, for people. */
  from: string;
}

export interface EffectiveFeature {
  name: FeatureName;
  title: string;
  on: boolean;
}

/** The environment, what set it, and what it means. */
export function checkEnvironment(on: HealthContext, { settings, set }: InspectedSettings): HealthCheck {
  const { l10n } = on;
  const { environment } = settings;
  const where = set.find(({ setting }) => setting === "environment")?.where;
  const meaning: Record<EnvironmentName, string> = {
    development: l10n.t(
      "The offline engine answers in place of a model, and nothing leaves this machine unless you turn it on.",
    ),
    staging: l10n.t(
      "Calls are real, with few sources and a small budget by default. Reports and sessions are marked.",
    ),
    production: l10n.t("Everything is available, and reports are not marked."),
  };
  const source =
    where === undefined
      ? l10n.t("{0}, by default.", environment)
      : l10n.t("{0}, set by {1}.", environment, where);
  return createCheck(on, "environment", l10n.t("Environment"), {
    detail: `${source} ${meaning[environment]}`,
  });
}

/** Which features are off; all others are on. */
export function checkFeatures(on: HealthContext, inspected: InspectedSettings): HealthCheck {
  const { l10n } = on;
  const off = listFeatures(on, inspected).filter((each) => !each.on);
  return createCheck(on, "features", l10n.t("Features"), {
    detail:
      off.length === 0
        ? l10n.t("All features are on.")
        : l10n.t(
            "Off: {0}. All others are on.",
            off.map(({ name, title }) => `${title} (${name})`).join(", "),
          ),
  });
}

/** Every feature, in the order of the list. */
export function listFeatures({ l10n }: HealthContext, { settings }: InspectedSettings): EffectiveFeature[] {
  return FEATURE_NAMES.map((name) => {
    return { name, title: localizeMessage(FEATURES[name].label, l10n), on: isFeatureOn(name, settings) };
  });
}

/** Every setting with its value and source. No setting holds a key. */
export function listSettings(
  { l10n }: HealthContext,
  { settings, set, byEnvironment }: InspectedSettings,
): EffectiveSetting[] {
  return SETTING_NAMES.map((name) => {
    const where = set.find(({ setting }) => setting === name)?.where;
    const fallback = byEnvironment.includes(name)
      ? l10n.t("default of {0}", settings.environment)
      : l10n.t("default");
    return { name, value: JSON.stringify(settings[name]), from: where ?? fallback };
  });
}
