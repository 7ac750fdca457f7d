using Microsoft.Playwright;
using SkiaSharp;
using VetCommunity.Tests.Files;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class AttachingInARoom(Chromium chromium) : IClassFixture<Chromium>
{
    const string Description = "Description for people who do not see it";

    [Fact]
    public async Task Files_are_chosen_described_removed_and_sent_and_the_other_sees_them_at_once()
    {
        var anna = await OpenAsync("member@demo.example");
        var bruno = await OpenAsync("member2@demo.example");
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await anna.RouteAsync("**/api/v1/uploads", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });

        var chooser = await anna.RunAndWaitForFileChooserAsync(() => anna.GetByRole(AriaRole.Button, new() { Name = "Attach files" }).ClickAsync());
        await chooser.SetFilesAsync([Photo("bench.jpg"), File("plan.pdf", MadeFiles.Pdf()), File("virus.pdf", [.. "MZ"u8, 0, 1])]);
        await Assertions.Expect(anna.GetByRole(AriaRole.Progressbar, new() { Name = "Uploading bench.jpg" })).ToBeVisibleAsync();
        held.SetResult();
        await Assertions.Expect(Attached(anna, "here")).ToHaveCountAsync(2);
        await Assertions.Expect(anna.GetByRole(AriaRole.Progressbar)).ToHaveCountAsync(0);
        await Assertions.Expect(Attached(anna, "failed")).ToContainTextAsync("Files of this type cannot be attached.");

        // What could not be attached is not quietly left out.
        await anna.Composer().FillAsync("The new bench");
        await anna.Keyboard.PressAsync("Enter");
        await Assertions.Expect(anna.Locator(".composer-note")).ToContainTextAsync("A file could not be attached.");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Remove virus.pdf" }).ClickAsync();
        await anna.GetByLabel(Description, new() { Exact = true }).FillAsync("A bench by a long window");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        var message = bruno.Message("The new bench");
        await Assertions.Expect(message.GetByRole(AriaRole.Img, new() { Name = "A bench by a long window" })).ToBeVisibleAsync();
        await Assertions.Expect(message.GetByRole(AriaRole.Link, new() { Name = "plan.pdf" })).ToContainTextAsync("PDF");
        Assert.True(await message.GetByRole(AriaRole.Img).EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth > 0; }"));
        await Assertions.Expect(Attached(anna)).ToHaveCountAsync(0);
        var download = await bruno.RunAndWaitForDownloadAsync(() => message.GetByRole(AriaRole.Link, new() { Name = "plan.pdf" }).ClickAsync());
        Assert.Equal("plan.pdf", download.SuggestedFilename);

        await anna.ChooseAsync("The new bench", "Delete");
        await anna.Message("The new bench").GetByRole(AriaRole.Button, new() { Name = "Delete it for everybody?" }).ClickAsync();
        await Assertions.Expect(message).ToHaveCountAsync(0);
        Assert.Equal(404, (await bruno.APIRequest.GetAsync(download.Url)).Status);
    }

    [Fact]
    public async Task What_is_pasted_or_dropped_survives_a_reload_and_is_sent_without_a_word()
    {
        var anna = await OpenAsync("member3@demo.example");
        var bruno = await OpenAsync("member4@demo.example");

        await TransferAsync(anna, "paste", "#message", "screen.png");
        await Assertions.Expect(Attached(anna, "here")).ToHaveCountAsync(1);
        await TransferAsync(anna, "drop", "[role=log]", "dropped.png");
        await Assertions.Expect(Attached(anna, "here")).ToHaveCountAsync(2);
        await anna.GetByLabel(Description, new() { Exact = true }).First.FillAsync("What the screen said");
        await anna.GetByLabel(Description, new() { Exact = true }).First.PressAsync("Enter");
        await Assertions.Expect(anna.Composer()).ToBeFocusedAsync();
        await Assertions.Expect(Attached(anna)).ToHaveCountAsync(2);

        await anna.ReloadAsync();
        await anna.LivingAsync();
        await Assertions.Expect(Attached(anna, "here").Locator("img")).ToHaveCountAsync(2);
        await Assertions.Expect(anna.GetByLabel(Description, new() { Exact = true }).First).ToHaveValueAsync("What the screen said");
        await anna.Composer().FocusAsync();
        await anna.Keyboard.PressAsync("Enter");

        await Assertions.Expect(bruno.Log().GetByRole(AriaRole.Img, new() { Name = "What the screen said" })).ToBeVisibleAsync();
        await Assertions.Expect(bruno.Log().GetByRole(AriaRole.Img, new() { Name = "Picture without a description: dropped.png" })).ToHaveCountAsync(1);
        await anna.ReloadAsync();
        await anna.LivingAsync();
        await Assertions.Expect(Attached(anna)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_message_waits_for_its_files_and_a_lost_connection_loses_neither()
    {
        var anna = await OpenAsync("member5@demo.example");
        var tries = 0;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await anna.RouteAsync("**/api/v1/uploads", async route =>
        {
            if (Interlocked.Increment(ref tries) == 1)
            {
                await route.AbortAsync("connectionreset");
                return;
            }
            await held.Task;
            await route.ContinueAsync();
        });
        await anna.Locator("input[type=file]").SetInputFilesAsync(Photo("late.jpg"));
        await Assertions.Expect(Attached(anna, "failed")).ToContainTextAsync("The connection was lost");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await anna.Composer().FillAsync("With a picture that takes its time");
        await anna.Keyboard.PressAsync("Enter");
        await Assertions.Expect(anna.Locator(".composer-note")).ToHaveTextAsync("Your message leaves as soon as the files are here.");
        await Assertions.Expect(anna.Message("With a picture that takes its time")).ToHaveCountAsync(0);

        held.SetResult();

        await Assertions.Expect(anna.Message("With a picture that takes its time").GetByRole(AriaRole.Img)).ToHaveCountAsync(1);
        await Assertions.Expect(anna.Composer()).ToBeEditableAsync();
        await Assertions.Expect(anna.Composer()).ToHaveValueAsync("");
    }

    [Fact]
    public async Task More_than_ten_or_too_large_is_said_before_anything_is_sent()
    {
        var anna = await OpenAsync("member6@demo.example");
        await anna.Locator("input[type=file]").SetInputFilesAsync([.. Enumerable.Range(1, 11).Select(n => File($"{n}.txt", "text"u8.ToArray()))]);

        await Assertions.Expect(Attached(anna, "here")).ToHaveCountAsync(10);
        await Assertions.Expect(anna.Locator(".composer-note")).ToHaveTextAsync("A message carries at most 10 attachments.");

        await anna.GetByRole(AriaRole.Button, new() { Name = "Remove 10.txt" }).ClickAsync();
        await Assertions.Expect(anna.GetByRole(AriaRole.Button, new() { Name = "Remove 9.txt" })).ToBeFocusedAsync();
        // From the disk, where the browser reads it itself; as bytes it would go through two more programs.
        var folder = Directory.CreateTempSubdirectory("vet-long-");
        var path = Path.Combine(folder.FullName, "long.txt");
        await System.IO.File.WriteAllBytesAsync(path, new byte[(25 * 1024 * 1024) + 1], TestContext.Current.CancellationToken);
        await anna.Locator("input[type=file]").SetInputFilesAsync(path);
        await Assertions.Expect(Attached(anna, "failed")).ToContainTextAsync("This file is larger than 25 MB.");
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_picture_has_its_place_before_it_comes()
    {
        await chromium.Community.PostWithFilesAsync("member8@demo.example", "welcome", "Not here yet", ("slow.png", MadeFiles.Picture(600, 800, SKEncodedImageFormat.Png)));
        var page = await chromium.LogInAsync("member9@demo.example");
        await page.RouteAsync("**/thumbnail", _ => { });

        await page.GotoAsync("/rooms/welcome");

        var place = (await page.Message("Not here yet").GetByRole(AriaRole.Img).BoundingBoxAsync())!;
        Assert.Equal((240, 320), (Math.Round(place.Width), Math.Round(place.Height)));
    }

    [Fact]
    public async Task Without_script_files_come_with_the_form_and_what_is_refused_is_named()
    {
        var anna = await chromium.LogInAsync("member7@demo.example", script: false);
        await anna.GotoAsync("/rooms/welcome");
        await Assertions.Expect(anna.GetByRole(AriaRole.Button, new() { Name = "Attach files" })).ToHaveCountAsync(1);
        await anna.Composer().FillAsync("Sent without script");
        await anna.Locator("#files").SetInputFilesAsync([Photo("bench.jpg"), File("plan.pdf", MadeFiles.Pdf()), File("page.pdf", "<html>"u8.ToArray())]);
        await anna.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        // Until the style sheet is there, the empty place for what may yet go wrong with a file is an alert as well.
        await Assertions.Expect(anna.GetByRole(AriaRole.Alert).Filter(new() { HasText = "page.pdf" })).ToContainTextAsync("Files of this type cannot be attached.");
        await Assertions.Expect(anna.Composer()).ToHaveValueAsync("Sent without script");
        await anna.GetByLabel(Description).FillAsync("A bench");
        await anna.GetByLabel("Remove plan.pdf").CheckAsync();
        await anna.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        var message = anna.Message("Sent without script");
        await Assertions.Expect(message.GetByRole(AriaRole.Img, new() { Name = "A bench" })).ToHaveCountAsync(1);
        await Assertions.Expect(message.Locator("a.file")).ToHaveCountAsync(0);
    }

    async Task<IPage> OpenAsync(string email)
    {
        var page = await chromium.LogInAsync(email);
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        return page;
    }

    static ILocator Attached(IPage page, string? state = null) => page.Locator(state is null ? ".attached" : $".attached[data-state={state}]");

    static FilePayload Photo(string name) => File(name, MadeFiles.Photograph(600, 400));

    static FilePayload File(string name, byte[] content) => new() { Name = name, MimeType = "application/octet-stream", Buffer = content };

    /// <summary>What the browser does when somebody pastes or drops a picture there.</summary>
    static async Task TransferAsync(IPage page, string how, string where, string name) => await page.Locator(where).EvaluateAsync(
        """
        (place, [how, name, png]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(atob(png), letter => letter.charCodeAt(0))], name, { type: "image/png" }));
          place.dispatchEvent(how === "paste" ? new ClipboardEvent(how, { clipboardData: data, bubbles: true, cancelable: true })
            : new DragEvent(how, { dataTransfer: data, bubbles: true, cancelable: true }));
        }
        """, new[] { how, name, Convert.ToBase64String(MadeFiles.Picture(40, 30, SKEncodedImageFormat.Png)) });
}
