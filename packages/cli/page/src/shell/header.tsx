import { useStore } from "../store/store.js";
import { chooseLanguage, type Language, language, languageNames, texts } from "../texts/texts.js";
import { openHelp } from "./help-dialog.js";
import { Icon } from "./icon.js";
import { theme, themes } from "./theme.js";
import { Wordmark } from "./wordmark.js";
import "./header.css";

export function Header() {
  const { app, help } = texts.value;
  const { hello, isServerUp, control } = useStore();
  const mode = hello.value?.mode;
  const inspect = hello.value?.inspect;
  return (
    <header class="header">
      <Wordmark mode={mode} />
      <div class="grow">
        {inspect ? (
          <p class="header-inspect">{app.inspecting(inspect.proxyUrl, inspect.targetUrl)}</p>
        ) : (
          <p class="header-server" data-up={control.isUp.value && isServerUp.value} role="status">
            {hello.value === undefined
              ? app.connecting
              : isServerUp.value && control.isUp.value
                ? app.embeddedServerUp
                : app.embeddedServerDown}
          </p>
        )}
      </div>
      <LanguageChoice />
      <ThemeChoice />
      <button
        type="button"
        class="quiet"
        onClick={openHelp}
        aria-label={help.title}
        title={`${help.title} (?)`}
      >
        <Icon name="help" />
      </button>
    </header>
  );
}

function ThemeChoice() {
  const texts_ = texts.value.theme;
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? "system";
  const label = `${texts_.label}: ${texts_[theme.value]}`;
  return (
    <button
      type="button"
      class="quiet"
      aria-label={label}
      title={label}
      onClick={() => {
        theme.value = next;
      }}
    >
      <Icon name={theme.value} />
    </button>
  );
}

function LanguageChoice() {
  return (
    <select
      class="header-language"
      aria-label={texts.value.language.label}
      value={language.value}
      onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
    >
      {Object.entries(languageNames).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
