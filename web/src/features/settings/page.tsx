import { Link } from "wouter";
import { texts } from "../../i18n/index.ts";
import { PageHeader } from "../../shell/page-header.tsx";
import { AccountTab } from "./account-tab.tsx";
import { ImagesTab } from "./images-tab.tsx";
import { MineTab } from "./mine-tab.tsx";
import { WebhooksTab } from "./webhooks-tab.tsx";
import "./settings.css";

const tabs = [
  { id: "images", path: "/settings", content: ImagesTab },
  { id: "account", path: "/settings/account", content: AccountTab },
  { id: "mine", path: "/settings/mine", content: MineTab },
  { id: "webhooks", path: "/settings/webhooks", content: WebhooksTab },
] as const;

/** The settings, one tab an address. */
export default function SettingsPage({ params }: { params: Record<string, string | undefined> }) {
  const words = texts("settings");
  const current = tabs.find((tab) => tab.id === params.tab) ?? tabs[0];
  const Content = current.content;
  return (
    <>
      <PageHeader title={words.title} />
      <nav aria-label={words.tabs.label} className="settings-tabs">
        {tabs.map((tab) => (
          <Link
            key={tab.id}
            href={tab.path}
            className="settings-tab"
            aria-current={tab === current ? "page" : undefined}
          >
            {words.tabs[tab.id]}
          </Link>
        ))}
      </nav>
      <Content />
    </>
  );
}
