export interface User {
  /** Never changes, whatever the user is called. */
  id: string;
  name: string;
}

const USERS: (User & { password: string })[] = [
  { id: 'u-1', name: 'Ada', password: 'lighthouse' },
  { id: 'u-2', name: 'Bo', password: 'breakwater' },
];

/** In place of your own check of passwords. */
export function findUser(name: FormDataEntryValue | null, password: FormDataEntryValue | null): User | undefined {
  return USERS.find((user) => user.name === name && user.password === password);
}
