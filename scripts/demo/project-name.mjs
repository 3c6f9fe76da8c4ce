/** `base`, or `base-2`, `base-3` …: the first that no project of the workspace has. Earlier demos stay. */
export async function freeProjectName(api, base) {
  const taken = new Set()
  for (let path = '/projects?limit=1000'; path; ) {
    const page = await api.get(path)
    for (const project of page.items) taken.add(project.slug)
    path = page.next_cursor ? `/projects?limit=1000&cursor=${encodeURIComponent(page.next_cursor)}` : null
  }
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`
    if (!taken.has(name)) return name
  }
}
