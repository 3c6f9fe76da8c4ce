/** What a page must keep beside the rules that axe knows. Each answers with what is wrong, in words that find it. */
import type { Page } from '@playwright/test'

/**
 * Controls below 24 × 24 px. As WCAG 2.2 has it, links may be smaller in running text, and where a circle of 24 px around them touches
 * no other control.
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const LEAST = 23.5
    const controls =
      'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=option]'
    const all = [...document.querySelectorAll<HTMLElement>(controls)].flatMap((control) => {
      const own = control.getBoundingClientRect()
      // What only screen readers see is a pixel wide.
      if (!control.checkVisibility({ visibilityProperty: true }) || own.width <= 1 || own.height <= 1) return []
      // What a label or the frame of a field belongs to is pressed there too.
      const labels = control instanceof HTMLInputElement ? [...(control.labels ?? [])] : []
      const areas = [control.closest('label, .mantine-Input-wrapper'), ...labels].map((area) =>
        area?.getBoundingClientRect(),
      )
      const width = Math.max(own.width, ...areas.map((area) => area?.width ?? 0))
      const height = Math.max(own.height, ...areas.map((area) => area?.height ?? 0))
      return [{ control, width, height, x: own.left + own.width / 2, y: own.top + own.height / 2, own }]
    })
    return all.flatMap(({ control, width, height, x, y }) => {
      if (width >= LEAST && height >= LEAST) return []
      if (control instanceof HTMLAnchorElement || control.classList.contains('link')) {
        const isAlone = all.every((other) => {
          if (other.control === control || control.contains(other.control) || other.control.contains(control))
            return true
          const dx = Math.max(other.own.left - x, 0, x - other.own.right)
          const dy = Math.max(other.own.top - y, 0, y - other.own.bottom)
          return Math.hypot(dx, dy) >= 12
        })
        if (isAlone || getComputedStyle(control).display === 'inline') return []
      }
      const name = (control.getAttribute('aria-label') ?? control.textContent ?? '').trim().slice(0, 40)
      return [`${control.tagName.toLowerCase()} “${name}” is ${Math.round(width)} × ${Math.round(height)} px`]
    })
  })

/** Controls that cannot be used and do not say why: by a description, a title, or the words beside them. */
export const unexplainedControls = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const off =
      'button:disabled, input:disabled, select:disabled, textarea:disabled, [aria-disabled=true], [data-disabled]'
    return [...document.querySelectorAll<HTMLElement>(off)].flatMap((control) => {
      if (!control.checkVisibility()) return []
      const described = (control.getAttribute('aria-describedby') ?? '')
        .split(' ')
        .some((id) => (document.getElementById(id)?.textContent ?? '').trim() !== '')
      if (described || control.closest('[title]:not([title=""])')) return []
      const name = (
        control.getAttribute('aria-label') ??
        control.textContent ??
        control.getAttribute('value') ??
        ''
      ).trim()
      // The whole button is the reason: "Nothing to undo: the view is as it was opened".
      if (/^Nothing to .+: /.test(name)) return []
      return [`${control.tagName.toLowerCase()} “${name.slice(0, 40)}” does not say why it is disabled`]
    })
  })

/** Tables without real heads, sorting that is not told, windows of rows without their number. */
export const wrongTables = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wrong: string[] = []
    for (const table of document.querySelectorAll<HTMLElement>('table, [role=grid], [role=treegrid]')) {
      if (!table.checkVisibility() || table.getAttribute('role') === 'presentation') continue
      const name = table.getAttribute('aria-label') ?? table.querySelector('caption')?.textContent ?? ''
      if (name.trim() === '' && !table.hasAttribute('aria-labelledby')) wrong.push('a table has no name')
      const heads = table.querySelectorAll('th, [role=columnheader], [role=rowheader]')
      if (heads.length === 0) wrong.push(`table “${name}” has no heads`)
      for (const head of table.querySelectorAll('th'))
        if (!head.hasAttribute('scope') && !head.hasAttribute('role'))
          wrong.push(`table “${name}”: head “${head.textContent}” has no scope`)
      for (const sort of table.querySelectorAll('[data-sort]'))
        if (!sort.closest('[aria-sort]'))
          wrong.push(`table “${name}”: “${sort.textContent}” sorts and does not say how`)
      if (table.matches('[role=grid], [role=treegrid]')) {
        const told = Number(table.getAttribute('aria-rowcount'))
        const there = table.querySelectorAll('[role=row], tr').length
        if (!(told >= there)) wrong.push(`table “${name}” tells of ${told} rows and shows ${there}`)
      }
    }
    return wrong
  })

/** Animations that run although less motion is asked for. */
export const runningAnimations = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState, effect }) => playState === 'running' && Number(effect?.getComputedTiming().duration) > 1)
      .map(({ effect }) => {
        const { target } = effect as KeyframeEffect
        return `an animation of ${target?.tagName.toLowerCase()}.${target?.className} runs`
      }),
  )

/** Fields of people's own data without the word that password managers and browsers fill them by. */
export const unfillableFields = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLInputElement>('input[type=password], input[type=email], input[type=tel]')]
      .filter((field) => field.autocomplete === '')
      .map((field) => `field “${field.labels?.[0]?.textContent ?? field.name}” has no autocomplete`),
  )

/**
 * Controls that are out of sight, covered or without a ring of 2 px while they have the focus. They are walked in the order of Tab by
 * the page itself, after one real Tab has told the browser that keys are used.
 */
export async function lostFocus(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    window.scrollTo(0, 0)
    document.body.focus()
  })
  await page.keyboard.press('Tab')
  return page.evaluate(() => {
    const wrong: string[] = []
    const all = 'a[href], button, input, select, textarea, summary, [tabindex]'
    for (const control of document.querySelectorAll<HTMLElement>(all)) {
      if (
        control.tabIndex < 0 ||
        control.matches(':disabled') ||
        !control.checkVisibility({ visibilityProperty: true })
      )
        continue
      control.focus()
      if (document.activeElement !== control) continue
      const box = control.getBoundingClientRect()
      if (box.width <= 1 || box.height <= 1) continue
      const name = `${control.tagName.toLowerCase()} “${(control.getAttribute('aria-label') ?? control.textContent ?? '').trim().slice(0, 40)}”`
      // A part of it is enough: large regions that scroll take the focus as well.
      const [left, right] = [Math.max(0, box.left), Math.min(innerWidth, box.right)]
      const [top, bottom] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)]
      if (right <= left || bottom <= top) {
        wrong.push(`${name} has the focus out of sight`)
        continue
      }
      const places = [0.5, 0.15, 0.85].flatMap((y) =>
        [0.5, 0.1, 0.9].map((x) => ({ x: left + x * (right - left), y: top + y * (bottom - top) })),
      )
      const isSeen = places.some(({ x, y }) => {
        const there = document.elementFromPoint(x, y)
        return (
          there !== null &&
          (control.contains(there) || there.contains(control) || there.closest('label')?.control === control)
        )
      })
      if (!isSeen) {
        const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
        wrong.push(`${name} has the focus under ${over?.tagName.toLowerCase()}.${over?.className}`)
      }
      const around = [
        control.parentElement,
        control.parentElement?.parentElement,
        control.parentElement?.parentElement?.parentElement,
      ]
      const hasRing = [
        control,
        ...around,
        control.closest('label'),
        control.nextElementSibling,
        ...control.children,
      ].some((element) => {
        if (!element) return false
        const { outlineStyle, outlineWidth, stroke, strokeWidth } = getComputedStyle(element)
        const isDrawn = element instanceof SVGElement && stroke !== 'none' && Number.parseFloat(strokeWidth) >= 2
        return isDrawn || (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2)
      })
      if (!hasRing) wrong.push(`${name} has the focus without a ring`)
    }
    return wrong
  })
}

/** What reaches beyond the page at the right, when the page as a whole scrolls sideways. */
export const sidewaysScroll = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth } = document.documentElement
    if (scrollWidth <= innerWidth) return []
    const scrollsItself = (element: Element): boolean => {
      const parent = element.parentElement
      return (
        parent !== null &&
        parent !== document.body &&
        (getComputedStyle(parent).overflowX !== 'visible' || scrollsItself(parent))
      )
    }
    const widest = [...document.body.querySelectorAll<HTMLElement>('*')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !scrollsItself(element))
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`)
    return [`${scrollWidth} px wide at ${innerWidth} px: ${widest.slice(0, 3).join(', ')}`]
  })

/**
 * Text that larger lettering takes out of sight or lays over other text. Left out: the inside of tables, charts and the graph, which
 * scroll or are drawn; what ends in an ellipsis or a given number of lines by design; and what floats above the page.
 */
export const lostText = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const INSIDE = 'svg, figure, table, [role=grid], [role=treegrid], .react-flow, .visually-hidden, [aria-hidden=true]'
    const found: { text: string; element: Element; lines: DOMRect[] }[] = []
    const wrong: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      const text = (node.textContent ?? '').trim()
      if (
        text === '' ||
        !element ||
        element.closest(INSIDE) ||
        /^(script|style|option|textarea)$/i.test(element.tagName)
      )
        continue
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const box = range.getBoundingClientRect()
      if (box.width < 1 || box.height < 1) continue
      let [isCut, isShortened, floats, scrolls] = [false, false, false, false]
      for (let at: Element | null = element; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at)
        if (style.position === 'fixed' || style.position === 'sticky' || style.position === 'absolute') floats = true
        if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') isShortened = true
        if (/auto|scroll/.test(style.overflowX + style.overflowY)) scrolls = true
        const edge = at.getBoundingClientRect()
        if (edge.width <= 1 || edge.height <= 1) isShortened = true
        if (!/hidden|clip/.test(style.overflowX + style.overflowY) || isShortened || scrolls) continue
        const over = Math.max(
          edge.top - box.top,
          box.bottom - edge.bottom,
          edge.left - box.left,
          box.right - edge.right,
        )
        if (over > 3) isCut = true
      }
      if (isCut) wrong.push(`“${text.slice(0, 40)}” is cut off`)
      const { fontSize, lineHeight } = getComputedStyle(element)
      if (
        Number.parseFloat(lineHeight) < Number.parseFloat(fontSize) &&
        box.height > Number.parseFloat(lineHeight) * 1.5
      )
        wrong.push(`the lines of “${text.slice(0, 40)}” lie over each other`)
      if (!floats && !isShortened && !scrolls) found.push({ text, element, lines: [...range.getClientRects()] })
    }
    for (const element of document.querySelectorAll<HTMLInputElement>('input, textarea, select')) {
      if (element.closest(INSIDE) || /checkbox|radio|hidden/.test(element.type) || !element.checkVisibility()) continue
      let floats = false
      for (let at = element.parentElement; at; at = at.parentElement)
        if (/fixed|sticky|absolute/.test(getComputedStyle(at).position)) floats = true
      if (floats) continue
      found.push({ text: element.value || element.placeholder, element, lines: [element.getBoundingClientRect()] })
    }
    for (const [i, a] of found.entries())
      for (const b of found.slice(i + 1)) {
        if (a.element.contains(b.element) || b.element.contains(a.element)) continue
        const isOver = a.lines.some((one) =>
          b.lines.some(
            (other) =>
              Math.min(one.right, other.right) - Math.max(one.left, other.left) > 3 &&
              Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 5,
          ),
        )
        if (isOver) wrong.push(`“${a.text.slice(0, 30)}” and “${b.text.slice(0, 30)}” lie over each other`)
      }
    return wrong
  })
