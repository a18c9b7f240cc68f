/*
 * The search worker: the theme's own, told what counts as the same word.
 *
 * - co-operative, cooperative, co-op and coop, and their plurals, are one word;
 * - accents do not matter: mutualita finds mutualità.
 *
 * The theme's worker hands text to Lunr as tokens with their positions, and marks what was found by
 * position. So changing a token's letters changes what is found, and never what is shown.
 *
 * theme/main.html names this file in place of the theme's worker and gives that one's file name
 * after the question mark. From disk this runs inside the iframe of iframe-worker, which adds a
 * question mark and a time of its own, and whose importScripts returns a promise.
 */
(() => {
  const inFrame = typeof document !== "undefined"
  const address = inFrame ? document.querySelector("script[src]").src : self.location.href
  const [here, original] = address.split("?")

  /* Every spelling of "co-operative", English and Italian, ends here. It is as long as the spellings
     have in common, so that each of them, half typed, is a beginning of it. */
  const ONE_WORD = "cooperativ"
  const SPELLINGS = /^coop(s|erativ[aeio]?|eratives)?$/

  /* Letters that carry no separable accent */
  const LETTERS = { æ: "ae", œ: "oe", ß: "ss", ø: "o", ł: "l", đ: "d", ı: "i" }

  /* The word that is looked up for a word as written. Of the words with a hyphen the separator in
     mkdocs.yml keeps whole only those with "-op"; co-op is one word, of others the last part counts. */
  function normalise(word) {
    const plain = word.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "")
      .replace(/[æœßøłđı]/g, letter => LETTERS[letter])
      .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "")
      .replace(/^co[-‐‑]op/, "coop")
      .replace(/^.*[-‐‑]/, "")
    return SPELLINGS.test(plain) ? ONE_WORD : plain
  }

  function teach(lunr) {
    /* Words of the pages, before the theme's own steps */
    const run = lunr.Pipeline.prototype.run
    lunr.Pipeline.prototype.run = function (tokens) {
      return run.call(this, tokens.map(token => token.update(normalise)).filter(String))
    }

    /* Words of the reader. The theme adds a star to each, and Lunr sends no word with a star
       through the steps above; the star stays. */
    const clause = lunr.Query.prototype.clause
    lunr.Query.prototype.clause = function (asked) {
      const term = asked.term.replace(/[^*]+/g, normalise)
      /* Of signs alone nothing is left but the star, which would find everything */
      return clause.call(this, { ...asked, term: /[^*]/.test(term) ? term : asked.term })
    }

    /* Lunr takes parts of its tree of words for the same if they are written alike, and writes letter
       and number of each branch without a sign between: 2 and 67 as 26 and 7. Then words with digits
       become others that no page has, and every search that meets one of them fails. */
    lunr.TokenSet.prototype.toString = function () {
      if (this._str) return this._str
      const branches = Object.keys(this.edges).sort().map(letter => letter + this.edges[letter].id + ",")
      return (this.final ? "1" : "0") + branches.join("")
    }

    /* Lunr parts a query at hyphens; the separator in mkdocs.yml knows better. */
    lunr.QueryLexer.termSeparator = /\s+/
  }

  Promise.resolve(importScripts(here.replace(/[^/]+$/, original)))
    .then(() => teach(self.lunr))
})()
