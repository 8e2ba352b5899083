/** Examples with the address of this server. */
export function snippets(origin: string): { python: string; curl: string } {
  return {
    python: `from labelwright import Client

client = Client(url="${origin}", api_key="YOUR_TOKEN")
for project in client.get_projects():
    print(project.id, project.title)`,
    curl: `curl ${origin}/api/projects -H "Authorization: Token YOUR_TOKEN"

# With a personal access token, first get an access token of five minutes:
curl -X POST ${origin}/api/token/refresh -H "Content-Type: application/json" \\
  -d '{"refresh": "YOUR_PERSONAL_TOKEN"}'
curl ${origin}/api/projects -H "Authorization: Bearer THE_ACCESS_TOKEN"`,
  };
}
