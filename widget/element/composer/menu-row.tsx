import { NamedIcon } from '../icons/named-icon.tsx';

export interface MenuRow {
  id: string;
  label: string;
  description?: string | undefined;
  icon?: string | undefined;
  group?: string | undefined;
  /** Undefined for what cannot be chosen for good. */
  checked?: boolean | undefined;
  disabled?: boolean | undefined;
}

/** What stands in a row of a menu or of the suggestions. */
export function RowContent({ icon, label, description, checked }: MenuRow) {
  return (
    <>
      {icon !== undefined && <NamedIcon name={icon} />}
      <span class="row-text">
        <span dir="auto">{label}</span>
        {description && (
          <span class="row-hint" dir="auto">
            {description}
          </span>
        )}
      </span>
      {checked && <NamedIcon name="check" />}
    </>
  );
}

/** The rows by their groups, each where its first row stands; those without one have a group of their own. */
export function groupRows<Row extends MenuRow>(rows: readonly Row[]): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.group ?? '', [...(groups.get(row.group ?? '') ?? []), row]);
  return [...groups];
}
