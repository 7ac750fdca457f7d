using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace VetCommunity.Tests.Browser;

/// <summary>Axe in a page.</summary>
static class Axe
{
    /// <summary>The rules that look at colours.</summary>
    public static readonly string[] OfColours = ["color-contrast", "link-in-text-block"];

    /// <summary>The rules that look at where things lie: another width can break no other in what is shown at both.</summary>
    public static readonly string[] OfRoom = ["target-size", "scrollable-region-focusable", "color-contrast"];

    /// <summary>The rules that look at words and at the room that they take: another language can break no other.</summary>
    public static readonly string[] OfWords =
    [
        "html-has-lang", "html-lang-valid", "valid-lang", "document-title", "empty-heading", "button-name", "link-name", "summary-name", "select-name", "label", "label-title-only", "label-content-name-mismatch",
        "input-button-name", "image-alt", "role-img-alt", "aria-command-name", "aria-dialog-name", "aria-input-field-name", "aria-progressbar-name", "aria-toggle-field-name", "landmark-unique", "target-size", "scrollable-region-focusable",
    ];

    /// <summary>Every document that the page opens from now on brings axe along. Once a document and not once a look, as the package's own RunAxe does.</summary>
    public static Task BringAxeAsync(this IPage page) => page.AddInitScriptAsync(new BundledAxeScriptProvider().GetScript());

    /// <summary>What axe finds in the page as it is when nothing moves any more; empty if it finds nothing.</summary>
    /// <param name="page">The page.</param>
    /// <param name="only">These rules of axe; all, the size of targets included, where none is named.</param>
    public static Task<string> FindAsync(IPage page, params string[] only) => page.EvaluateAsync<string>(
        """
        async only => {
          await document.fonts.ready;
          // What moves may set what lies within it moving in the next frame.
          for (let moving = [null]; moving.length > 0; await Promise.all(moving.map(one => one.finished.catch(() => {})))) {
            await new Promise(requestAnimationFrame);
            moving = document.getAnimations().filter(one => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity);
          }
          const options = only.length > 0 ? { runOnly: { type: 'rule', values: only } }
            : { rules: { 'target-size': { enabled: true } } };
          return (await axe.run({ ...options, resultTypes: ['violations'] })).violations
            .map(v => [`${v.id}: ${v.help}`, ...v.nodes.slice(0, 5).map(n => `${n.html} ${n.any.map(check => check.message).join(' ')}`)].join('\n  ')).join('\n');
        }
        """, only);
}
