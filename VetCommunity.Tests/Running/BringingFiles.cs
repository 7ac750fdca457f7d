using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;

namespace VetCommunity.Tests.Running;

/// <summary>Uploads over HTTP, as a script does them.</summary>
static class BringingFiles
{
    /// <summary>A client that speaks with the member's access token.</summary>
    public static async Task<HttpClient> ScriptAsync(this RunningCommunity community, string email)
    {
        var script = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = community.Address };
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await community.TokenAsync(email));
        return script;
    }

    public static async Task<HttpResponseMessage> UploadAsync(this HttpClient who, string name, byte[] content, string? alt = null)
    {
        using var form = new MultipartFormDataContent();
        if (alt is not null)
            form.Add(new StringContent(alt), "alt");
        form.Add(new ByteArrayContent(content), "file", name);
        return await who.PostAsync("/api/v1/uploads", form);
    }

    /// <summary>Uploads the files and posts them with a text. Answers with the attachments as they were uploaded.</summary>
    public static async Task<List<JsonElement>> PostWithFilesAsync(
        this RunningCommunity community, string email, string conversation, string markdown, params (string Name, byte[] Content)[] files)
    {
        using var script = await community.ScriptAsync(email);
        List<JsonElement> uploaded = [];
        foreach (var (name, content) in files)
        {
            using var answer = await script.UploadAsync(name, content);
            answer.EnsureSuccessStatusCode();
            uploaded.Add(await answer.Content.ReadFromJsonAsync<JsonElement>());
        }
        await using var hub = await community.ConnectAsync(email);
        await hub.InvokeAsync<JsonElement>("Post", Message(conversation, markdown, [.. uploaded.Select(file => file.GetProperty("id").GetString()!)]));
        return uploaded;
    }

    public static object Message(string conversation, string markdown, params string[] attachments) =>
        new { conversation, clientKey = Guid.NewGuid().ToString("N"), topic = (string?)null, markdown, replyToSeq = (long?)null, attachments };
}
