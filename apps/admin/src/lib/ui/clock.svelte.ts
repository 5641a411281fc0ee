/** The browser's now, advanced every half minute. Zero until the page runs, so that the server never keeps a time between requests. */
class Clock {
  now = $state(0)

  /** `at` is the server's now: a tablet with a wrong clock still shows the clinic's time. */
  start(at: number): () => void {
    const skew = at - Date.now()
    const timer = setInterval(() => {
      this.now = Date.now() + skew
    }, 30_000)
    return () => clearInterval(timer)
  }
}

export const clock = new Clock()
