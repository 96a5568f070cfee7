import { type ReactNode, useState } from "react";
import { Link, useLocation } from "wouter";
import { shell } from "../i18n/index.ts";
import { useStudio } from "../studio.tsx";
import { IconButton } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { Menu } from "../ui/menu.tsx";
import { currentTheme, switchTheme } from "../ui/theme.ts";
import { Toasts } from "../ui/toast.tsx";
import { BudgetMeter } from "./budget-meter.tsx";
import { type Destination, groups, isCurrent, tabs } from "./navigation.ts";
import { QueueButton } from "./queue-button.tsx";
import "./shell.css";

function NavigationLink({ page }: { page: Destination }) {
  const [current] = useLocation();
  return (
    <Link
      href={page.path}
      className="nav-link"
      aria-current={isCurrent(page.path, current) ? "page" : undefined}
      title={page.label}
    >
      <Icon name={page.icon} />
      <span className="nav-label">{page.label}</span>
    </Link>
  );
}

function Navigation() {
  return (
    <nav aria-label={shell.navigation.label}>
      {groups.map((group) => (
        <div key={group.title ?? "top"} className="nav-group">
          {group.title && <p className="nav-title">{group.title}</p>}
          {group.pages.map((page) => (
            <NavigationLink key={page.path} page={page} />
          ))}
        </div>
      ))}
    </nav>
  );
}

function Account() {
  const { session } = useStudio();
  const { email, tenant } = session.user;
  return (
    <Menu
      label={shell.account.menu}
      className="account"
      trigger={
        <>
          <span className="avatar" aria-hidden="true">
            {email.slice(0, 1).toUpperCase()}
          </span>
          <span className="account-name">
            <span className="one-line">{email}</span>
            <span className="one-line meta">{shell.account.tenant(tenant)}</span>
          </span>
        </>
      }
      items={[
        { label: shell.account.signOut, icon: "plug", onSelect: () => void session.signOut() },
      ]}
    />
  );
}

function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme);
  return (
    <IconButton
      icon={theme === "dark" ? "sun" : "moon"}
      label={theme === "dark" ? shell.theme.light : shell.theme.dark}
      onClick={() => setTheme(switchTheme())}
    />
  );
}

function TabBar() {
  const [open, setOpen] = useState(false);
  const [current] = useLocation();
  const [openedAt, setOpenedAt] = useState(current);
  if (openedAt !== current) {
    setOpenedAt(current);
    setOpen(false);
  }
  return (
    <nav className="tab-bar" aria-label={shell.navigation.tabs}>
      {tabs.map((page) => (
        <NavigationLink key={page.path} page={page} />
      ))}
      <button
        type="button"
        className="nav-link"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="more" />
        <span className="nav-label">{shell.navigation.more}</span>
      </button>
      {open && (
        <Dialog title={shell.navigation.label} onClose={() => setOpen(false)}>
          <Navigation />
          <BudgetMeter />
          <Account />
        </Dialog>
      )}
    </nav>
  );
}

/** The frame around every page: side bar, top bar with the queue, tab bar on phones. */
export function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip-link" href="#page">
        {shell.skip}
      </a>
      <aside className="side-bar" aria-label={shell.product}>
        <Link href="/" className="brand">
          <img src="/icon.svg" alt="" width="24" height="24" />
          <span className="nav-label">{shell.product}</span>
        </Link>
        <Navigation />
        <div className="side-foot">
          <BudgetMeter />
          <Account />
        </div>
      </aside>
      <header className="top-bar">
        <Link href="/" className="brand brand-small" aria-label={shell.product}>
          <img src="/icon.svg" alt="" width="24" height="24" />
        </Link>
        <div id="page-path" className="page-path" />
        <QueueButton />
        <ThemeButton />
      </header>
      <main id="page" tabIndex={-1}>
        {children}
      </main>
      <TabBar />
      <Toasts />
    </>
  );
}
